import { type Stream, streamTitle } from '../../../domain/stream.ts';
import { isoTime } from '../../../domain/time-range.ts';
import { auditPartKey } from '../../keys.ts';
import { checkRevisions } from '../check-revisions.ts';
import { type PartAudit, STREAM_CHECKS, type StreamItem } from '../contract.ts';
import { createFindings, type Findings } from '../findings.ts';
import { lookAgain } from '../look-again.ts';
import { noteUnreadable } from '../note-unreadable.ts';
import { distrustShards } from '../repair.ts';
import type { AuditWorld } from '../world.ts';
import { checkStreamLanding } from './check-stream-landing.ts';
import { type CheckedStreamShards, checkStreamShards, type SoundStreamShard } from './check-stream-shards.ts';
import { rebuildStream } from './rebuild-stream.ts';

/** How refine decides between two values of one time. */
const RULE = 'of one file what was published last; monthly beats daily beats REST';

/**
 * Audits one stream, check after check, and writes down what it found for the report. The lake itself stays as it is, but
 * for files that were rewritten, which land, and for what `repair` mends.
 */
export async function auditStream(
  { runId, file, stream }: StreamItem,
  world: AuditWorld & { readonly onCheck?: (done: number) => void },
): Promise<PartAudit> {
  const findings = createFindings(streamTitle(stream));
  let checks = 0;
  const done = () => world.onCheck?.(++checks);

  const shards = await checkSettled(stream, world);
  for (const { check, ...fault } of shards.faults) findings.add(check, 'wrong', fault);
  for (const shard of shards.sound) {
    noteConflicts(shard, findings);
    noteUnreadable('rows', shard, findings);
  }
  done();
  done();
  const landing = await checkStreamLanding(stream, shards.inputs, findings, world);
  done();
  const remade = await rebuildStream(stream, shards.sound, landing.sound, findings, world);
  done();
  await checkRevisions(stream, landing.files, findings, world);
  const damaged = [...shards.damaged, ...remade];
  const repaired = world.repair
    ? { shards: await distrustShards(stream, damaged, world), kept: 0, landed: await landing.mend() }
    : { shards: 0, kept: 0, landed: 0 };
  const audit: PartAudit = {
    series: streamTitle(stream),
    objects: shards.objects + landing.objects,
    samples: 0,
    repaired,
    findings: findings.kept,
    counts: findings.counts,
    notices: world.reach.notices(),
  };
  await world.store.put(auditPartKey(runId, file), Buffer.from(`${JSON.stringify(audit)}\n`));
  world.onCheck?.(STREAM_CHECKS.length);
  return audit;
}

/** Checks the shards, and again where a run may have replaced some of them meanwhile. */
function checkSettled(stream: Stream, world: AuditWorld): Promise<CheckedStreamShards> {
  return lookAgain(
    () => checkStreamShards(stream, world),
    ({ faults, waiting, seen }, before) => {
      if (faults.length === 0) return 'stands';
      if (waiting) return 'waiting';
      return seen === before?.seen ? 'stands' : 'changed';
    },
    world.clock,
  );
}

function noteConflicts({ period, manifest: { report } }: SoundStreamShard, findings: Findings): void {
  const [sample] = report.conflictSamples;
  if (report.conflicts === 0 || !sample) return;
  const text = ({ value, source }: { value: number; source: string }) => `${sample.column} ${value} (${source})`;
  findings.add('rows', 'note', {
    place: isoTime(sample.timeMs),
    what: `rows of ${period} on which what landed differs: ${report.conflicts}, this the first`,
    expected: text(sample.kept),
    found: text(sample.other),
    rule: RULE,
    remedy: '',
  });
}
