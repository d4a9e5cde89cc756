import type { Period } from '../../domain/period.ts';
import { landingPrefix, manifestKey, receiptKeyBeside } from '../keys.ts';
import type { Manifest } from '../manifest/contract.ts';
import type { AuditContext } from './audit-context.ts';
import { checkAggregation } from './check-aggregation.ts';
import { checkLanding } from './check-landing.ts';
import { checkLedger } from './check-ledger.ts';
import { checkListings } from './check-listings.ts';
import { checkRevisions } from './check-revisions.ts';
import { checkShards } from './check-shards.ts';
import { checkVersions } from './check-versions.ts';
import type { ItemCounts, SeriesItem } from './contract.ts';
import { differs, type Findings, missing } from './findings.ts';
import { landedByPeriod, landedSince, mayBeContained } from './landed-by-period.ts';
import { noteConflict, noteUnreadable } from './note-report.ts';
import { CANDLE_RULE, reconcile } from './reconcile.ts';
import { rerunRemedy } from './remedies.ts';
import { fetchAgain, remakeKept, voidShards } from './repair.ts';
import { newestVersions, seriesShards } from './series-shards.ts';

/** Audits one series, check after check. @param done is called after each check */
export async function auditSeries(
  item: SeriesItem,
  findings: Findings,
  context: AuditContext,
  done: () => void,
): Promise<ItemCounts> {
  const { series } = item;
  const { store } = context;
  const landingKeys = new Set((await store.list(landingPrefix(series))).map(({ key }) => key));
  const landed = landedByPeriod(series, landingKeys);
  const shards = await checkShards(() => seriesShards(series, landed, store), findings, context);
  await findUnpublished();
  for (const { period, manifest } of shards.sound) {
    noteSince(period, manifest);
    const { conflicts, conflictSamples } = manifest.report;
    const samples = conflictSamples.map(({ openTimeMs, ...values }) => ({ timeMs: openTimeMs, ...values }));
    noteConflict('reconcile', `candles of ${period}`, conflicts, samples, CANDLE_RULE, findings);
  }
  done();
  const versions = await checkVersions(series, findings, context);
  done();
  const unaccounted = await checkLedger(series, shards.sound, findings, context);
  done();
  const landing = await checkLanding(series, landingKeys, shards.inputs, findings, context);
  for (const shard of shards.sound) noteUnreadable('landing', shard, findings);
  noteLost(versions.inputs);
  const listings = await checkListings(series, findings, context);
  done();
  await checkAggregation(series, shards.sound, findings, context);
  done();
  await checkRevisions(series, landing.sound, findings, context, landing.damaged);
  done();
  const samples = await reconcile(item, shards.sound, landing.sound, findings, context);
  return {
    objects: shards.objects + versions.objects + landing.objects + listings,
    samples,
    repaired: await repaired(),
  };

  /** A shard whose version is recorded must have a manifest or a table. */
  async function findUnpublished(): Promise<void> {
    for (const period of (await newestVersions(series, store)).keys()) {
      const key = manifestKey(series, period);
      // A run may have published a new shard meanwhile.
      if (shards.periods.has(period) || (await store.get(key))) continue;
      const fault = { ...missing(key, 'manifest of a shard that was published'), found: 'none' };
      findings.wrong('manifests', fault, rerunRemedy(series));
    }
  }

  /** Only refine can decide whether another object contains one, so an object that may be contained is not counted. */
  function noteSince(period: Period, { inputs }: Manifest): void {
    const ofPeriod = landed.get(period) ?? [];
    const since = landedSince(
      ofPeriod,
      inputs.map(({ key }) => key),
    );
    const used = ofPeriod.filter((one) => !since.includes(one));
    const count = since.filter((one) => !mayBeContained(one, used)).length;
    const what = 'objects that landed since the shard was made';
    if (count > 0) findings.note('manifests', differs(manifestKey(series, period), what, 0, count));
  }

  /** If an input of an earlier version was removed, neither that version nor an id that names it can be rebuilt. */
  function noteLost(ofVersions: ReadonlySet<string>): void {
    for (const place of ofVersions) {
      const isThere = landingKeys.has(place) && landingKeys.has(receiptKeyBeside(place));
      if (shards.inputs.has(place) || isThere) continue;
      findings.note(
        'landing',
        missing(place, 'landed object, with its receipt, that an earlier version was made from'),
      );
    }
  }

  async function repaired(): Promise<ItemCounts['repaired']> {
    if (!context.repair) return { shards: 0, kept: 0, landed: 0 };
    return {
      shards: await voidShards(series, [...shards.damaged, ...unaccounted], context),
      landed: await fetchAgain(landing.damaged, findings, context),
      // After the landing objects, because kept tables are rebuilt from them.
      kept: await remakeKept(versions.damaged, findings, context),
    };
  }
}
