import type { Period } from '../../../domain/period.ts';
import { sha256 } from '../../../domain/sha256.ts';
import type { Clock, ObjectStore } from '../../../ports.ts';
import { manifestKey, manifestPrefix, refineResultKey } from '../../keys.ts';
import { streamLife } from '../../ledger/stream-life.ts';
import { hasServedPart } from '../../ledger/symbol-life.ts';
import type { StreamShardReport } from '../../manifest/contract.ts';
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
import { type MadeStreamShard, makeStreamShard } from './make-stream-shard.ts';
import { readerOf } from './reader-of.ts';

interface RefineStreamWorld {
  readonly store: ObjectStore;
  /** Gives the time of a claim; no value depends on it. */
  readonly clock: Pick<Clock, 'nowMs'>;
  /** sha256 of the code that refines. If it changes, every shard is recomputed. */
  readonly codeHash: string;
}

/**
 * Brings every shard of a stream up to date with what has landed, in the order of time. A shard is left alone if its
 * inputs, code and predecessor match its manifest. If another run lands something or publishes a shard meanwhile, the
 * stream is refined once more.
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
  /** Reports of every period with landed objects, with rows or without. */
  readonly reports: readonly Omit<StreamShardReport, 'recomputed'>[];
  readonly hasWritten: boolean;
  /** True if more has landed since the pass began, or the symbol's life is another now. */
  outdated(): Promise<boolean>;
}

/** One pass over the shards. Notes in `written` the periods whose shard it has published. */
async function refineLanded(
  { runId, stream }: RefineStreamInput,
  { store, clock, codeHash, finished }: RefineStreamWorld & Pick<Replacement, 'finished'>,
  written: Set<Period>,
): Promise<StreamPass> {
  // Published objects are listed first. So if another run publishes a shard, this run knows what it was made from.
  const stored = await listPublished(store, [manifestPrefix(stream), streamTablePrefix(stream)]);
  const [inputs, life] = await Promise.all([readerOf(stream).open(store, stream), streamLife(store, stream)]);
  const reports: Omit<StreamShardReport, 'recomputed'>[] = [];
  let hasWritten = false;
  let carry = '';
  for (const period of inputs.periods) {
    const before = sha256(carry);
    const known = await readManifest(store, stream, period);
    const leaveAlone =
      known !== undefined &&
      known.codeHash === codeHash &&
      known.before === before &&
      hasServedPart(known, period, life) &&
      (known.output === undefined || stored.get(known.output.key)?.sizeBytes === known.output.sizeBytes) &&
      (await inputs.isMadeFrom(known));
    if (leaveAlone) {
      carry = known.carry;
      reports.push(known.report);
      continue;
    }
    // A table that is there stays one, even if no row of it is left.
    const keepsTable = stored.has(streamTableKey(stream, period));
    const decoded = await inputs.decoded(period);
    const made = makeStreamShard({ stream, period, decoded, codeHash, life, carry, keepsTable });
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
  await inputs.remember();
  return {
    reports,
    hasWritten,
    async outdated() {
      const [isOutdated, now] = await Promise.all([inputs.outdated(), streamLife(store, stream)]);
      return isOutdated || now.fromMs !== life.fromMs || now.toMs !== life.toMs;
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
