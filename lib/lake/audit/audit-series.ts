import type { Period } from '../../domain/period.ts';
import type { Series } from '../../domain/series.ts';
import { landingPrefix, manifestKey, receiptKeyBeside } from '../keys.ts';
import type { LandedReceipt } from '../landing/receipt.ts';
import type { Manifest } from '../manifest/contract.ts';
import type { AuditContext } from './audit-context.ts';
import { checkAggregation } from './check-aggregation.ts';
import { type CheckedLanding, checkLanding } from './check-landing.ts';
import { checkLedger } from './check-ledger.ts';
import { checkListings } from './check-listings.ts';
import { checkRevisions } from './check-revisions.ts';
import { type CheckedShards, checkShards } from './check-shards.ts';
import { type CheckedVersions, checkVersions } from './check-versions.ts';
import type { ItemCounts, SeriesItem } from './contract.ts';
import { differs, type Findings, missing } from './findings.ts';
import { countLandedSince, type LandedByPeriod, landedByPeriod } from './landed-by-period.ts';
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
  await findUnpublished(series, shards, findings, context);
  done();
  const versions = await checkVersions(series, findings, context);
  done();
  const unaccounted = await checkLedger(series, shards.sound, findings, context);
  done();
  const landing = await checkLanding(series, landingKeys, shards.inputs, findings, context);
  noteShards(shards, landed, landing, findings);
  noteLost(versions.inputs, shards.inputs, landingKeys, findings);
  const listings = await checkListings(series, findings, context);
  done();
  await checkAggregation(series, shards.sound, findings, context);
  done();
  await checkRevisions(series, landing.sound, findings, context, landing.damaged);
  done();
  const samples = await reconcile(item, shards.sound, landing.sound, findings, context);
  const damaged = { shards: [...shards.damaged, ...unaccounted], kept: versions.damaged, landed: landing.damaged };
  return {
    objects: shards.objects + versions.objects + landing.objects + listings,
    samples,
    repaired: await repaired(series, damaged, findings, context),
  };
}

/** Reports shards whose version is recorded, but that have neither a manifest nor a table. */
async function findUnpublished(
  series: Series,
  { periods }: CheckedShards<Manifest>,
  findings: Findings,
  { store }: AuditContext,
): Promise<void> {
  for (const period of (await newestVersions(series, store)).keys()) {
    const key = manifestKey(series, period);
    // A run may have published a new shard meanwhile.
    if (periods.has(period) || (await store.get(key))) continue;
    const fault = { ...missing(key, 'manifest of a shard that was published'), found: 'none' };
    findings.wrong('manifests', fault, rerunRemedy(series));
  }
}

/** Notes of each shard what landed since, conflicts, and unreadable files. */
function noteShards(
  { sound }: CheckedShards<Manifest>,
  landed: LandedByPeriod,
  landing: CheckedLanding,
  findings: Findings,
): void {
  const receipts = new Map<string, LandedReceipt>(landing.sound.map((one) => [one.receiptKey, one.receipt]));
  for (const shard of sound) {
    const { period, manifest } = shard;
    const inputs = manifest.inputs.map(({ key, again }) => ({ receiptKey: receiptKeyBeside(key), again }));
    const count = countLandedSince(landed.get(period) ?? [], inputs, receipts);
    const what = 'objects that landed since the shard was made';
    if (count > 0) findings.note('manifests', differs(manifestKey(manifest.series, period), what, 0, count));
    const { conflicts, conflictSamples } = manifest.report;
    const samples = conflictSamples.map(({ openTimeMs, ...values }) => ({ timeMs: openTimeMs, ...values }));
    noteConflict('reconcile', `candles of ${period}`, conflicts, samples, CANDLE_RULE, findings);
    noteUnreadable('landing', shard, findings);
  }
}

/** Notes removed inputs of earlier versions: neither such a version nor an id that names it can be rebuilt. */
function noteLost(
  ofVersions: ReadonlySet<string>,
  ofShards: ReadonlySet<string>,
  landingKeys: ReadonlySet<string>,
  findings: Findings,
): void {
  for (const place of ofVersions) {
    const isThere = landingKeys.has(place) && landingKeys.has(receiptKeyBeside(place));
    if (ofShards.has(place) || isThere) continue;
    findings.note('landing', missing(place, 'landed object, with its receipt, that an earlier version was made from'));
  }
}

interface Damaged {
  readonly shards: readonly Period[];
  readonly kept: CheckedVersions['damaged'];
  readonly landed: CheckedLanding['damaged'];
}

/** Repairs what is damaged, if the audit may. Kept tables come last, because they are rebuilt from landing objects. */
async function repaired(
  series: Series,
  damaged: Damaged,
  findings: Findings,
  context: AuditContext,
): Promise<ItemCounts['repaired']> {
  if (!context.repair) return { shards: 0, kept: 0, landed: 0 };
  const { mended, periods } = await fetchAgain(series, damaged.landed, findings, context);
  return {
    shards: await voidShards(series, [...damaged.shards, ...periods], context),
    landed: mended,
    kept: await remakeKept(damaged.kept, findings, context),
  };
}
