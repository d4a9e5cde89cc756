import { chunkName, type StreamChunk } from '../../domain/chunk.ts';
import { STREAM_NAMES, type Stream, streamTitle } from '../../domain/stream.ts';
import type { ObjectStore, Partition } from '../../ports.ts';
import { type LandingId, landingPrefix, receiptKey, refineResultKey } from '../keys.ts';
import { hasStreamLanded, type StreamLanded, streamLanded, vouchersOf } from '../landing/stream-landed.ts';
import type { Plan, PlannedStream, StreamPlan } from '../plan/contract.ts';
import type { StreamReport } from '../refine/contract.ts';
import type { CaughtFailure } from './caught-failures.ts';
import type { Failure, ReportedStreams } from './contract.ts';
import { failureOf } from './failure-of.ts';
import { inParallel } from './in-parallel.ts';
import type { TablePartitions } from './register-partitions.ts';
import { unreadableFiles } from './unreadable-files.ts';

/** What became of the streams of a run. */
export interface StreamsOutcome {
  readonly failures: readonly Failure[];
  /** Files that cannot be read, where others that landed tell of all that the run wants of them. */
  readonly healed: readonly Failure[];
  /** Partitions of their shards, table by table. */
  readonly partitions: readonly TablePartitions[];
  readonly reported: ReportedStreams;
}

/** Compares what was planned of the streams with the lake, as for candles. Writes nothing. */
export async function closeStreams(
  { runId, streams: plan }: Plan & { readonly streams: StreamPlan },
  caught: readonly CaughtFailure[],
  { store }: { readonly store: ObjectStore },
): Promise<StreamsOutcome> {
  const streams = plan.streams.map(({ stream }) => stream);
  const reports = await inParallel(streams, async (stream) => {
    const bytes = await store.get(refineResultKey(runId, stream));
    return bytes ? (JSON.parse(new TextDecoder().decode(bytes)) as StreamReport) : undefined;
  });
  const missing = await missingChunks(store, plan);
  const names = new Set(missing.map(chunkName));
  const unreadable = plan.streams
    .flatMap((planned, index) => findUnreadable(planned, reports[index]))
    .filter(({ failure }) => !names.has(failure.name));
  const failures = [
    ...unreadable.filter(({ good }) => !good).map(({ failure }) => failure),
    ...missing.map((chunk) => failureOf('fetch', chunkName(chunk), errorOfChunk(chunk, caught))),
    ...streams
      .filter((_, index) => !reports[index])
      .map((stream) => failureOf('refine', streamTitle(stream), errorOfStream(stream, caught))),
  ];
  const healed = unreadable.filter(({ good }) => good).map(({ failure }) => failure);
  const partitions = STREAM_NAMES.map((table) => ({
    table,
    partitions: reports.flatMap((report) => (report?.stream.name === table ? partitionsOf(report) : [])),
  }));
  return { failures, healed, partitions, reported: summed(plan, missing, reports) };
}

/** Archive files that cannot be read and of which the run wants something, each good where others have what it wants. */
function findUnreadable({ stream, range }: PlannedStream, report: StreamReport | undefined) {
  return unreadableFiles(range, report?.failed).map(({ lacking, ...file }) => ({
    failure: failureOf('fetch', chunkName({ stream, ...file }), file),
    good: lacking.every(({ fromMs, toMs }) => toMs <= range.fromMs || fromMs >= range.toMs),
  }));
}

function partitionsOf({ stream: { market, symbol, interval }, shards }: StreamReport): Partition[] {
  return shards.map(({ period }) => ({
    market,
    ...(symbol !== undefined && { symbol }),
    ...(interval !== undefined && { interval }),
    period,
  }));
}

/** Planned chunks that no receipt answers for, of a version as new as the chunk wants. */
async function missingChunks(store: ObjectStore, { streams, chunks }: StreamPlan): Promise<StreamChunk[]> {
  const planned = new Set(chunks.map(({ stream }) => streamTitle(stream)));
  const landed = new Map<string, StreamLanded>();
  await inParallel(
    streams.filter(({ stream }) => planned.has(streamTitle(stream))),
    async ({ stream }) => {
      const objects = await store.list(landingPrefix(stream));
      const keys = objects.map(({ key }) => key);
      landed.set(streamTitle(stream), streamLanded(stream, keys));
    },
  );
  const has = await inParallel(chunks, async (chunk) => {
    const there = landed.get(streamTitle(chunk.stream))!;
    const read = async (id: LandingId<Stream>) => ({ id, bytes: await store.get(receiptKey(id)) });
    return hasStreamLanded(chunk, there, await Promise.all(vouchersOf(chunk, there).map(read)));
  });
  return chunks.filter((_, index) => !has[index]);
}

type CaughtError = Pick<CaughtFailure, 'error' | 'message'>;

function errorOfChunk(chunk: StreamChunk, caught: readonly CaughtFailure[]): CaughtError | undefined {
  const name = chunkName(chunk);
  return caught.find((one) => one.streamChunks?.some((other) => chunkName(other) === name));
}

function errorOfStream(stream: Stream, caught: readonly CaughtFailure[]): CaughtError | undefined {
  return caught.find((one) => one.stream !== undefined && streamTitle(one.stream) === streamTitle(stream));
}

function summed(
  plan: StreamPlan,
  missing: readonly StreamChunk[],
  reports: readonly (StreamReport | undefined)[],
): ReportedStreams {
  const tables = Object.fromEntries(
    STREAM_NAMES.map((name) => {
      const shards = reports.flatMap((report) => (report?.stream.name === name ? report.shards : []));
      const sum = (value: (shard: (typeof shards)[number]) => number) =>
        shards.reduce((total, shard) => total + value(shard), 0);
      const table = {
        rows: sum(({ rows }) => rows),
        shards: shards.length,
        recomputed: sum(({ recomputed }) => Number(recomputed)),
        missing: sum((shard) => shard.missing),
        quarantined: sum((shard) => shard.quarantined),
        conflicts: sum((shard) => shard.conflicts),
        sizeBytes: sum((shard) => shard.sizeBytes),
      };
      return [name, table];
    }),
  ) as ReportedStreams['tables'];
  return { fetchedChunks: plan.chunks.length - missing.length, tables };
}
