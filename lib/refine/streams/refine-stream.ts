import type { Period } from '../../domain/period.ts';
import { sha256 } from '../../domain/sha256.ts';
import type { Stream } from '../../domain/stream.ts';
import { streamManifestKey, streamResultKey, streamTableKey, streamTablePrefix } from '../../domain/stream-keys.ts';
import type { ObjectStore } from '../../ports.ts';
import type {
  RefineStreamInput,
  RefineStreamResult,
  StreamManifest,
  StreamReport,
  StreamShardReport,
} from '../contract.ts';
import { servedPart } from '../served-part.ts';
import { type MadeStreamShard, makeStreamShard, supersededKeys } from './make-stream-shard.ts';
import { listStreamLanding, type StreamInput } from './stream-landing.ts';
import { streamLife } from './stream-life.ts';
import { encodeStreamManifest, readStreamManifest } from './stream-manifest.ts';

export interface RefineStreamWorld {
  readonly store: ObjectStore;
  /** sha256 of the code that refines; other code makes every shard anew. */
  readonly codeHash: string;
}

/**
 * Brings every shard of a stream up to date with what has landed, in the order of time. A shard whose inputs, code and
 * predecessor are as its manifest says is left alone. What another run lands meanwhile is taken in by going round again.
 */
export async function refineStream(
  { runId, stream }: RefineStreamInput,
  world: RefineStreamWorld,
): Promise<RefineStreamResult> {
  let pass = await refineLanded(stream, world, new Set());
  while (pass.written.size > 0 && (await pass.outdated())) pass = await refineLanded(stream, world, pass.written);
  const { reports } = pass;
  const failed = reports.flatMap(({ unreadable = [] }) => unreadable);
  const shards = reports.filter(({ rows }) => rows > 0);
  const report: StreamReport = { stream, shards, ...(failed.length > 0 && { failed }) };
  await world.store.put(streamResultKey(runId, stream), Buffer.from(`${JSON.stringify(report)}\n`));
  return { runId, stream, shards: shards.length, recomputed: pass.written.size };
}

interface StreamPass {
  /** Of every period that something landed for, with rows or without. */
  readonly reports: readonly StreamShardReport[];
  readonly written: ReadonlySet<Period>;
  /** True where more has landed since the pass began, or something else been said of the symbol's life. */
  outdated(): Promise<boolean>;
}

async function refineLanded(
  stream: Stream,
  { store, codeHash }: RefineStreamWorld,
  rewrite: ReadonlySet<Period>,
): Promise<StreamPass> {
  const [landing, objects, life] = await Promise.all([
    listStreamLanding(store, stream),
    store.list(streamTablePrefix(stream)),
    streamLife(store, stream),
  ]);
  const stored = new Map(objects.map(({ key, sizeBytes }) => [key, sizeBytes]));
  const reports: StreamShardReport[] = [];
  const written = new Set<Period>();
  let carry = '';
  for (const [period, inputs] of landing) {
    const before = sha256(carry);
    const known = await readStreamManifest(store, stream, period);
    const leaveAlone =
      known !== undefined &&
      !rewrite.has(period) &&
      known.codeHash === codeHash &&
      known.before === before &&
      isMadeOf(known, inputs, servedPart(period, life)) &&
      (known.output === undefined || stored.get(known.output.key) === known.output.sizeBytes);
    if (leaveAlone) {
      carry = known.carry;
      reports.push({ ...known.report, recomputed: false });
      continue;
    }
    // A table that is there stays one, also where no row of it is left.
    const keepsTable = stored.has(streamTableKey(stream, period));
    const made = await makeStreamShard(store, { stream, period, inputs, codeHash, life, carry, keepsTable });
    await publish(store, made, known !== undefined);
    carry = made.manifest.carry;
    written.add(period);
    reports.push({ ...made.manifest.report, recomputed: true });
  }
  return {
    reports,
    written,
    async outdated() {
      const [now, told] = await Promise.all([listStreamLanding(store, stream), streamLife(store, stream)]);
      if (told.fromMs !== life.fromMs || told.toMs !== life.toMs) return true;
      return JSON.stringify([...now]) !== JSON.stringify([...landing]);
    },
  };
}

/** One atomic put of the table, where it has rows, and the manifest last; until that stands the shard counts as not made. */
async function publish(store: ObjectStore, { manifest, table }: MadeStreamShard, replaces: boolean): Promise<void> {
  const key = streamManifestKey(manifest.stream, manifest.period);
  if (replaces) await store.put(key, encodeStreamManifest(undefined));
  if (table) await store.put(manifest.output!.key, table);
  await store.put(key, encodeStreamManifest(manifest));
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
