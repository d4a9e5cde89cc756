import { chunkName, type StreamChunk } from '../../domain/chunk.ts';
import { type Stream, streamTitle } from '../../domain/stream.ts';
import { STREAM_NAMES } from '../../domain/stream-table.ts';
import { sumOf } from '../../domain/sum-of.ts';
import type { ObjectStore, Partition } from '../../ports.ts';
import { inParallel } from '../in-parallel.ts';
import { readJson } from '../json.ts';
import { refineResultKey } from '../keys.ts';
import { isLanded, listLanded } from '../landing/landed-chunks.ts';
import type { Plan, PlannedStream, StreamPlan } from '../plan/contract.ts';
import type { StreamReport } from '../refine/contract.ts';
import type { CaughtFailure } from './caught-failures.ts';
import type { Failure, ReportedStreams } from './contract.ts';
import { failureOf, unreadableFiles } from './find-failures.ts';
import type { TablePartitions } from './register-partitions.ts';

/** The outcome of a run's streams. */
interface StreamsOutcome {
  readonly failures: readonly Failure[];
  /** Files that cannot be read, if other landed files contain everything that the run wants of them. */
  readonly healed: readonly Failure[];
  /** Partitions of their shards, table by table. */
  readonly partitions: readonly TablePartitions[];
  readonly reported: ReportedStreams;
}

/** Compares the plan of the streams with the lake, as `findFailures` does for candles. Writes nothing. */
export async function closeStreams(
  { runId, streams: plan }: Plan & { readonly streams: StreamPlan },
  caught: readonly CaughtFailure[],
  { store }: { readonly store: ObjectStore },
): Promise<StreamsOutcome> {
  const streams = plan.streams.map(({ stream }) => stream);
  const reports = await inParallel(streams, (stream) => readJson<StreamReport>(store, refineResultKey(runId, stream)));
  const missing = await missingChunks(store, plan);
  const names = new Set(missing.map(chunkName));
  const unreadable = plan.streams
    .flatMap((planned, index) => findUnreadable(planned, reports[index]))
    .filter(({ failure }) => !names.has(failure.name));
  const failures = [
    ...unreadable.filter((one) => !one.healed).map(({ failure }) => failure),
    ...missing.map((chunk) => failureOf('fetch', chunkName(chunk), errorOfChunk(chunk, caught))),
    ...streams
      .filter((_, index) => !reports[index])
      .map((stream) => failureOf('refine', streamTitle(stream), errorOfStream(stream, caught))),
  ];
  const healed = unreadable.filter((one) => one.healed).map(({ failure }) => failure);
  const partitions = STREAM_NAMES.map((table) => ({
    table,
    partitions: reports.flatMap((report) => (report?.stream.name === table ? partitionsOf(report) : [])),
  }));
  return { failures, healed, partitions, reported: summed(plan, missing, reports) };
}

/** Finds unreadable archive files that the run wants some of. One is healed if others have everything wanted. */
function findUnreadable({ stream, range }: PlannedStream, report: StreamReport | undefined) {
  return unreadableFiles(range, report?.failed).map(({ lacking, ...file }) => ({
    failure: failureOf('fetch', chunkName({ stream, ...file }), file),
    healed: lacking.every(({ fromMs, toMs }) => toMs <= range.fromMs || fromMs >= range.toMs),
  }));
}

function partitionsOf({ stream: { name, ...subject }, shards }: StreamReport): Partition[] {
  return shards.map(({ period }) => ({ ...subject, period }));
}

/** Returns the planned chunks that have not landed, or not in the wanted version. */
async function missingChunks(store: ObjectStore, { chunks }: StreamPlan): Promise<StreamChunk[]> {
  const landed = await listLanded(chunks, store);
  const has = await inParallel(chunks, (chunk) => isLanded(chunk, landed(chunk), store, 'any source'));
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
      const table = {
        rows: sumOf(shards, ({ rows }) => rows),
        shards: shards.length,
        recomputed: sumOf(shards, ({ recomputed }) => Number(recomputed)),
        missing: sumOf(shards, (shard) => shard.missing),
        quarantined: sumOf(shards, (shard) => shard.quarantined),
        conflicts: sumOf(shards, (shard) => shard.conflicts),
        sizeBytes: sumOf(shards, (shard) => shard.sizeBytes),
      };
      return [name, table];
    }),
  ) as ReportedStreams['tables'];
  return { fetchedChunks: plan.chunks.length - missing.length, tables };
}
