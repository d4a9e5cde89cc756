import type { Period } from '../../domain/period.ts';
import type { Stream } from '../../domain/stream.ts';
import { isOfSnapshots } from '../../domain/subject-times.ts';
import { landingPrefix } from '../keys.ts';
import type { AuditContext } from './audit-context.ts';
import { checkLanding } from './check-landing.ts';
import { checkRevisions } from './check-revisions.ts';
import { checkShards } from './check-shards.ts';
import { checkSightings } from './check-sightings.ts';
import type { ItemCounts } from './contract.ts';
import type { Findings } from './findings.ts';
import { landedByPeriod } from './landed-by-period.ts';
import { noteConflict, noteUnreadable } from './note-report.ts';
import { rebuildStream } from './rebuild-stream.ts';
import { fetchAgain, voidShards } from './repair.ts';
import { repairSightings } from './repair-sightings.ts';
import { streamShards } from './stream-shards.ts';

/** The rule by which refine decides between two values of one time. */
const RULE = 'of one file what was published last; monthly beats daily beats REST';

/** Audits one stream, check after check. @param done is called after each check */
export async function auditStream(
  stream: Stream,
  findings: Findings,
  context: AuditContext,
  done: () => void,
): Promise<ItemCounts> {
  const { store } = context;
  let keys = new Set<string>();
  const shards = await checkShards(
    async () => {
      keys = new Set((await store.list(landingPrefix(stream))).map(({ key }) => key));
      return streamShards(stream, landedByPeriod(stream, keys), store);
    },
    findings,
    context,
  );
  for (const shard of shards.sound) {
    const { conflicts, conflictSamples } = shard.manifest.report;
    noteConflict('rows', `rows of ${shard.period}`, conflicts, conflictSamples, RULE, findings);
    noteUnreadable('rows', shard, findings);
  }
  done();
  done();
  const landing = await checkLanded();
  done();
  const landed = landedByPeriod(stream, keys);
  const remade = await rebuildStream(stream, shards.sound, landed, landing.receipts, findings, context);
  done();
  await checkRevisions(stream, landing.files, findings, context);
  return { objects: shards.objects + landing.objects, samples: 0, repaired: await repaired(remade) };

  /** Snapshots land as sightings, everything else as files and windows. */
  async function checkLanded() {
    if (isOfSnapshots(stream)) {
      const { sound, damaged, objects } = await checkSightings(stream, keys, shards.inputs, findings, context);
      const mend = async () => ({ mended: await repairSightings(stream, damaged, findings, context), periods: [] });
      const receipts = new Map([...sound].map((key) => [key, undefined]));
      return { receipts, files: [], objects, mend };
    }
    const { sound, damaged, objects } = await checkLanding(stream, keys, shards.inputs, findings, context);
    const receipts = new Map(sound.map(({ receiptKey, receipt }) => [receiptKey, receipt]));
    const mend = () => fetchAgain(stream, damaged, findings, context);
    return { receipts, files: sound, objects, mend };
  }

  async function repaired(remade: readonly Period[]): Promise<ItemCounts['repaired']> {
    if (!context.repair) return { shards: 0, kept: 0, landed: 0 };
    const { mended, periods } = await landing.mend();
    const voided = await voidShards(stream, [...shards.damaged, ...remade, ...periods], context);
    return { shards: voided, kept: 0, landed: mended };
  }
}
