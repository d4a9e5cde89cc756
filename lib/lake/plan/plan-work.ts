import type { Chunk, StreamChunk } from '../../domain/chunk.ts';
import { countOpenTimes } from '../../domain/interval.ts';
import { type Period, periodRange, periodsIn } from '../../domain/period.ts';
import { seriesName } from '../../domain/series.ts';
import { streamTitle } from '../../domain/stream.ts';
import { subjectOf } from '../../domain/subject.ts';
import { subjectPeriodsIn } from '../../domain/subject-times.ts';
import type { RestCost } from '../../exchange/venue.ts';
import { venueOf } from '../../exchange/venues.ts';
import type { AwsWork } from '../cost/aws-use.ts';
import { batchChunks, batchStreamChunks } from './batches.ts';
import type { PlannedSeries, StreamPlan } from './contract.ts';

/** Returns what a run of candles does on AWS, counted from its plan. */
export function candleWork(series: readonly PlannedSeries[], chunks: readonly Chunk[]): AwsWork {
  const shards = refinedShards(chunks);
  return {
    run: 1,
    ...fetchWork(batchChunks('run', chunks), 'batch'),
    ...requestsOf(chunks),
    series: series.length,
    lakeRead: sum(series, ({ lakeReads }) => lakeReads),
    shard: sum(series, ({ periods }) => periods.length),
    refinedShard: shards.size,
    refinedCandle: sum([...shards.values()], (candles) => candles),
    remadeShard: sum(series, ({ remadeShards }) => remadeShards),
    inputAgain: sum(series, ({ inputsAgain }) => inputsAgain),
  };
}

/** Returns what the streams of a run do in addition. */
export function streamWork({ streams, chunks }: StreamPlan): AwsWork {
  const requests = requestsOf(chunks);
  const periods = periodsByStream(chunks);
  // Shards are rebuilt from the objects that landed before: at most a month of days for each.
  const again = sum(streams, ({ stream, landedChunks }) =>
    Math.min(landedChunks, 31 * (periods.get(streamTitle(stream))?.size ?? 0)),
  );
  return {
    streamRun: 1,
    ...fetchWork(batchStreamChunks('run', chunks), 'streamBatch'),
    ...requests,
    stream: streams.length,
    lakeRead: sum(streams, ({ lakeReads }) => lakeReads),
    streamShard: sum([...periods.values()], ({ size }) => size),
    streamInput: requests.file + requests.restRequest,
    streamInputAgain: again,
  };
}

/** Returns what a weekly audit of planned series reads, after all that they want has landed. */
export function auditWork(series: readonly PlannedSeries[]): AwsWork {
  const chunks = sum(series, ({ wantedChunks }) => wantedChunks);
  const shards = sum(series, ({ periods }) => periods.length);
  // Bytes and receipt of each chunk. Four tables, checkpoint, manifest and version record of each shard.
  return { audit: 1, auditedPart: series.length, auditedObject: 2 * chunks + 7 * shards, auditedFile: chunks };
}

/** Counts the items of the two fetch maps. The state machine skips a map without items. */
function fetchWork(
  { archive, rest }: { readonly archive: readonly unknown[]; readonly rest: readonly unknown[] },
  kind: 'batch' | 'streamBatch',
): AwsWork {
  return {
    archiveMap: Number(archive.length > 0),
    restMap: Number(rest.length > 0),
    [kind]: archive.length + rest.length,
  };
}

function requestsOf(chunks: readonly (Chunk | StreamChunk)[]): { readonly file: number; readonly restRequest: number } {
  const rest = chunks.filter(({ source }) => source === 'rest');
  return { file: chunks.length - rest.length, restRequest: sum(restCosts(rest), ({ requests }) => requests) };
}

/** Returns the cost of each REST chunk. */
export function restCosts(chunks: readonly (Chunk | StreamChunk)[]): RestCost[] {
  const rest = chunks.filter(({ source }) => source === 'rest');
  return rest.map((chunk) => {
    const subject = subjectOf(chunk);
    return venueOf(subject.market).restCost(subject, chunk.range);
  });
}

/**
 * Returns the shards that chunks bring something for, with the candles in them up to the last chunk: a shard is rebuilt
 * as a whole, so one new minute costs the open period. Later shards are not counted, although they follow if the chain
 * of checkpoints changes.
 */
function refinedShards(chunks: readonly Chunk[]): ReadonlyMap<string, number> {
  const shards = new Map<string, number>();
  for (const { series, range } of chunks) {
    for (const period of periodsIn(series.interval, range)) {
      const whole = periodRange(period);
      const fromMs = Number.isFinite(whole.fromMs) ? whole.fromMs : range.fromMs;
      const candles = countOpenTimes(series.interval, { fromMs, toMs: Math.min(whole.toMs, range.toMs) });
      const name = `${seriesName(series)} ${period}`;
      shards.set(name, Math.max(shards.get(name) ?? 0, candles));
    }
  }
  return shards;
}

function periodsByStream(chunks: readonly StreamChunk[]): ReadonlyMap<string, ReadonlySet<Period>> {
  const periods = new Map<string, Set<Period>>();
  for (const { stream, range } of chunks) {
    const title = streamTitle(stream);
    periods.set(title, new Set([...(periods.get(title) ?? []), ...subjectPeriodsIn(stream, range)]));
  }
  return periods;
}

/** Adds up a value of items. */
export function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
