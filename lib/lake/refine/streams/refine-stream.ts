import type { Period } from '../../../domain/period.ts';
import { sha256 } from '../../../domain/sha256.ts';
import type { Clock, ObjectStore } from '../../../ports.ts';
import { manifestKey, manifestPrefix, refineResultKey } from '../../keys.ts';
import { listStreamLanding, type StreamInput } from '../../landing/stream-landing.ts';
import { servedPart } from '../../ledger/served-part.ts';
import { streamLife } from '../../ledger/stream-life.ts';
import type { StreamManifest, StreamShardReport } from '../../manifest/contract.ts';
import { encodeManifest, readManifest } from '../../manifest/manifest.ts';
import {
  listPublished,
  type NewShard,
  type Replacement,
  replaceShard,
  untilUndisturbed,
} from '../../manifest/replace-shard.ts';
import { streamTableKey, streamTablePrefix } from '../../stream-keys.ts';
import type { RefineStreamInput, RefineStreamResult, StreamReport } from '../contract.ts';
import { type MadeStreamShard, makeStreamShard, supersededKeys } from './make-stream-shard.ts';

export interface RefineStreamWorld {
  readonly store: ObjectStore;
  /** Tells when a shard is claimed; no value depends on it. */
  readonly clock: Pick<Clock, 'nowMs'>;
  /** sha256 of the code that refines; other code makes every shard anew. */
  readonly codeHash: string;
}

/**
 * Brings every shard of a stream up to date with what has landed, in the order of time. A shard whose inputs, code and
 * predecessor are as its manifest says is left alone. What another run lands meanwhile is taken in by going round
 * again, and so is a shard that another run publishes meanwhile.
 */
export async function refineStream(input: RefineStreamInput, world: RefineStreamWorld): Promise<RefineStreamResult> {
  const { runId, stream } = input;
  const written = new Set<Period>();
  const pass = () => untilUndisturbed((finished) => refineLanded(input, { ...world, finished }, written));
  let last = await pass();
  while (last.hasWritten && (await last.outdated())) last = await pass();
  const reports = last.reports.map((report) => ({ ...report, recomputed: written.has(report.period) }));
  const failed = reports.flatMap(({ unreadable = [] }) => unreadable);
  const shards = reports.filter(({ rows }) => rows > 0);
  const report: StreamReport = { stream, shards, ...(failed.length > 0 && { failed }) };
  await world.store.put(refineResultKey(runId, stream), Buffer.from(`${JSON.stringify(report)}\n`));
  return { runId, stream, shards: shards.length, recomputed: written.size };
}

interface StreamPass {
  /** Of every period that something landed for, with rows or without. */
  readonly reports: readonly Omit<StreamShardReport, 'recomputed'>[];
  readonly hasWritten: boolean;
  /** True where more has landed since the pass began, or something else been said of the symbol's life. */
  outdated(): Promise<boolean>;
}

/** One pass over the shards. Notes in `written` the periods whose shard it has published. */
async function refineLanded(
  { runId, stream }: RefineStreamInput,
  { store, clock, codeHash, finished }: RefineStreamWorld & Pick<Replacement, 'finished'>,
  written: Set<Period>,
): Promise<StreamPass> {
  // First, so that what landed for a shard that another run publishes meanwhile is never older than what this run
  // knows.
  const stored = await listPublished(store, [manifestPrefix(stream), streamTablePrefix(stream)]);
  const [landing, life] = await Promise.all([listStreamLanding(store, stream), streamLife(store, stream)]);
  const reports: Omit<StreamShardReport, 'recomputed'>[] = [];
  let hasWritten = false;
  let carry = '';
  for (const [period, inputs] of landing) {
    const before = sha256(carry);
    const known = await readManifest(store, stream, period);
    const leaveAlone =
      known !== undefined &&
      known.codeHash === codeHash &&
      known.before === before &&
      isMadeOf(known, inputs, servedPart(period, life)) &&
      (known.output === undefined || stored.get(known.output.key)?.sizeBytes === known.output.sizeBytes);
    if (leaveAlone) {
      carry = known.carry;
      reports.push(known.report);
      continue;
    }
    // A table that is there stays one, also where no row of it is left.
    const keepsTable = stored.has(streamTableKey(stream, period));
    const made = await makeStreamShard(store, { stream, period, inputs, codeHash, life, carry, keepsTable });
    await replaceShard(store, objectsOf(made), {
      seen: stored,
      isWhole: known !== undefined,
      runId,
      nowMs: clock.nowMs(),
      finished,
    });
    carry = made.manifest.carry;
    hasWritten = true;
    written.add(period);
    reports.push(made.manifest.report);
  }
  return {
    reports,
    hasWritten,
    async outdated() {
      const [now, told] = await Promise.all([listStreamLanding(store, stream), streamLife(store, stream)]);
      if (told.fromMs !== life.fromMs || told.toMs !== life.toMs) return true;
      return JSON.stringify([...now]) !== JSON.stringify([...landing]);
    },
  };
}

/** The table if it has rows, and the manifest. */
function objectsOf({ manifest, table }: MadeStreamShard): NewShard {
  return {
    manifestKey: manifestKey(manifest.stream, manifest.period),
    manifest: encodeManifest(manifest),
    objects: table ? [[manifest.output!.key, table]] : [],
  };
}

/** Whether a shard was made of these landed objects, and of what is known of the symbol's life. */
function isMadeOf(
  { inputs, superseded, servedFromMs, servedToMs }: StreamManifest,
  landed: readonly StreamInput[],
  served: Pick<StreamManifest, 'servedFromMs' | 'servedToMs'>,
): boolean {
  const now = [landed.map(({ key }) => key), supersededKeys(landed), served.servedFromMs, served.servedToMs];
  return JSON.stringify([inputs, superseded, servedFromMs, servedToMs]) === JSON.stringify(now);
}
