import type { Period } from '../../domain/period.ts';
import type { Stream } from '../../domain/stream.ts';
import { streamManifestKey, streamResultKey, streamTableKey, streamTablePrefix } from '../../domain/stream-keys.ts';
import { STREAM_SCHEMAS } from '../../domain/stream-schemas.ts';
import type { ObjectStore } from '../../ports.ts';
import type {
  RefineStreamInput,
  RefineStreamResult,
  StreamManifest,
  StreamReport,
  StreamShardReport,
} from '../contract.ts';
import { sha256 } from '../hash.ts';
import { encodeParquet } from '../parquet.ts';
import { fundingShard } from './funding.ts';
import { instrumentsShard } from './instruments.ts';
import { markCandlesShard } from './mark-candles.ts';
import { openInterestShard } from './open-interest.ts';
import { listStreamLanding, readAnswers, readSightings, type StreamInput } from './stream-landing.ts';
import type { StreamShard } from './stream-shard.ts';

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
  const report: StreamReport = { stream, shards: pass.reports };
  await world.store.put(streamResultKey(runId, stream), Buffer.from(`${JSON.stringify(report)}\n`));
  return { runId, stream, shards: pass.reports.length, recomputed: pass.written.size };
}

interface StreamPass {
  readonly reports: readonly StreamShardReport[];
  readonly written: ReadonlySet<Period>;
  /** True where more has landed since the pass began. */
  outdated(): Promise<boolean>;
}

async function refineLanded(
  stream: Stream,
  { store, codeHash }: RefineStreamWorld,
  rewrite: ReadonlySet<Period>,
): Promise<StreamPass> {
  const [landing, objects] = await Promise.all([
    listStreamLanding(store, stream),
    store.list(streamTablePrefix(stream)),
  ]);
  const stored = new Map(objects.map(({ key, sizeBytes }) => [key, sizeBytes]));
  const reports: StreamShardReport[] = [];
  const written = new Set<Period>();
  let carry = '';
  for (const [period, inputs] of landing) {
    const before = sha256(carry);
    const known = await readManifest(store, stream, period);
    const keys = inputs.map(({ key }) => key);
    const leaveAlone =
      known !== undefined &&
      !rewrite.has(period) &&
      known.codeHash === codeHash &&
      known.before === before &&
      JSON.stringify(known.inputs) === JSON.stringify(keys) &&
      (known.output === undefined || stored.get(known.output.key) === known.output.sizeBytes);
    if (leaveAlone) {
      carry = known.carry;
      reports.push({ ...known.report, recomputed: false });
      continue;
    }
    const shard = await makeShard(store, stream, period, inputs, carry);
    const manifest = await publish(
      store,
      { stream, period, inputs: keys, codeHash, before, shard },
      known !== undefined,
    );
    carry = manifest.carry;
    written.add(period);
    reports.push({ ...manifest.report, recomputed: true });
  }
  return {
    reports: reports.filter(({ rows }) => rows > 0),
    written,
    async outdated() {
      return JSON.stringify([...(await listStreamLanding(store, stream))]) !== JSON.stringify([...landing]);
    },
  };
}

async function makeShard(
  store: ObjectStore,
  stream: Stream,
  period: Period,
  inputs: readonly StreamInput[],
  carry: string,
): Promise<StreamShard> {
  if (stream.name === 'instruments') return instrumentsShard(await readSightings(store, inputs), carry);
  const answers = await readAnswers(store, inputs);
  if (stream.name === 'funding') return fundingShard(stream, period, answers);
  if (stream.name === 'open_interest') return openInterestShard(stream, period, answers, carry);
  return markCandlesShard(stream, period, answers, carry);
}

interface PublishInput extends Pick<StreamManifest, 'stream' | 'period' | 'inputs' | 'codeHash' | 'before'> {
  readonly shard: StreamShard;
}

/** One atomic put of the table, where it has rows, and the manifest last; until that stands the shard counts as not made. */
async function publish(
  store: ObjectStore,
  { stream, period, inputs, codeHash, before, shard }: PublishInput,
  replaces: boolean,
): Promise<StreamManifest> {
  const { rows, columns, carry, ...counts } = shard;
  const key = streamManifestKey(stream, period);
  if (replaces) await store.put(key, encodeManifest(undefined));
  let output: StreamManifest['output'];
  if (rows > 0) {
    const bytes = encodeParquet(STREAM_SCHEMAS[stream.name], rows, columns);
    output = { key: streamTableKey(stream, period), sha256: sha256(bytes), sizeBytes: bytes.length, rows };
    await store.put(output.key, bytes);
  }
  const report = { period, rows, sizeBytes: output?.sizeBytes ?? 0, ...counts };
  const manifest: StreamManifest = {
    ...{ stream, period, inputs, codeHash, before },
    ...(output && { output }),
    report,
    carry,
  };
  await store.put(key, encodeManifest(manifest));
  return manifest;
}

/** The manifest of a shard, or undefined where it has none, or one that vouches for nothing. */
async function readManifest(store: ObjectStore, stream: Stream, period: Period): Promise<StreamManifest | undefined> {
  const bytes = await store.get(streamManifestKey(stream, period));
  if (!bytes) return undefined;
  try {
    return (JSON.parse(Buffer.from(bytes).toString('utf8')) as StreamManifest | null) ?? undefined;
  } catch {
    return undefined;
  }
}

function encodeManifest(manifest: StreamManifest | undefined): Uint8Array {
  return Buffer.from(`${JSON.stringify(manifest ?? null)}\n`);
}
