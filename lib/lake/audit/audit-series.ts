import { seriesName } from '../../domain/series.ts';
import { auditPartKey, landingPrefix, receiptKeyBeside } from '../keys.ts';
import { checkAggregation } from './check-aggregation.ts';
import { checkLanding } from './check-landing.ts';
import { checkLedger } from './check-ledger.ts';
import { checkListings } from './check-listings.ts';
import { checkManifests } from './check-manifests.ts';
import { checkRevisions } from './check-revisions.ts';
import { checkVersions } from './check-versions.ts';
import { CHECKS, type PartAudit, type SeriesItem } from './contract.ts';
import { createFindings, type Findings } from './findings.ts';
import { noteUnreadable } from './note-unreadable.ts';
import { reconcile } from './reconcile.ts';
import { distrustShards, fetchAgain, remakeKept } from './repair.ts';
import { seriesLanding } from './series-landing.ts';
import type { AuditWorld } from './world.ts';

const NOTHING = { shards: 0, kept: 0, landed: 0 };

/**
 * Audits one series, check after check, and writes down what it found for the report. The lake itself stays as it is, but
 * for samples that differ, which land, and for what `repair` mends.
 */
export async function auditSeries(
  item: SeriesItem,
  world: AuditWorld & { readonly onCheck?: (done: number) => void },
): Promise<PartAudit> {
  const { runId, file, series } = item;
  const { store } = world;
  const findings = createFindings(seriesName(series));
  let checks = 0;
  const done = () => world.onCheck?.(++checks);

  const landingKeys = new Set((await store.list(landingPrefix(series))).map(({ key }) => key));
  const manifests = await checkManifests(series, landingKeys, findings, world);
  done();
  const versions = await checkVersions(series, findings, world);
  done();
  const unaccounted = await checkLedger(series, manifests.sound, findings, world);
  done();
  const landing = await checkLanding(seriesLanding(series), manifests.inputs, findings, world);
  for (const shard of manifests.sound) noteUnreadable('landing', shard, findings);
  noteLost(versions.inputs, manifests.inputs, landingKeys, findings);
  const listings = await checkListings(series, findings, world);
  done();
  await checkAggregation(series, manifests.sound, findings, world);
  done();
  await checkRevisions(series, landing.sound, findings, world, landing.damaged);
  done();
  const sound = { series, shards: manifests.sound, landed: landing.sound.map(({ id }) => id) };
  const samples = await reconcile(item, sound, findings, world);
  const repaired = world.repair
    ? {
        shards: await distrustShards(series, [...new Set([...manifests.damaged, ...unaccounted])], world),
        landed: await fetchAgain(landing.damaged, findings, world),
        // Out of what landed, which is mended by now.
        kept: await remakeKept(versions.damaged, findings, world),
      }
    : NOTHING;
  const audit: PartAudit = {
    series: seriesName(series),
    objects: manifests.objects + versions.objects + landing.objects + listings,
    samples,
    repaired,
    findings: findings.kept,
    counts: findings.counts,
    notices: world.reach.notices(),
  };
  await store.put(auditPartKey(runId, file), Buffer.from(`${JSON.stringify(audit)}\n`));
  world.onCheck?.(CHECKS.length);
  return audit;
}

/** What an earlier version was made from and has been removed since: neither can it be made again, nor an id that names it. */
function noteLost(
  ofVersions: ReadonlySet<string>,
  standing: ReadonlySet<string>,
  there: ReadonlySet<string>,
  findings: Findings,
): void {
  for (const place of ofVersions) {
    if (standing.has(place) || (there.has(place) && there.has(receiptKeyBeside(place)))) continue;
    const what = 'landed object, with its receipt, that an earlier version was made from';
    findings.add('landing', 'note', { place, what, expected: 'there', found: 'not there', remedy: '' });
  }
}
