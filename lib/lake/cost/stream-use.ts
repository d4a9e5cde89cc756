import type { StreamChunk } from '../../domain/chunk.ts';
import { countOpenTimes } from '../../domain/interval.ts';
import { streamTitle } from '../../domain/stream.ts';
import { gridOf, streamPeriodsIn } from '../../domain/stream-times.ts';
import { EXCHANGE_INFO_WEIGHT, pageOf, STREAM_REQUESTS_PER_5_MIN } from '../../exchange/binance/stream-pages.ts';
import { batchStreamChunks } from '../plan/batches.ts';
import type { PlanTotals, StreamPlan, StreamTotals } from '../plan/contract.ts';
import { FETCH_TRANSITIONS, fetchMapUse, LAMBDA_MIB, SECONDS } from './aws-use.ts';
import { type AwsUse, priceOf } from './prices.ts';

/** The state entered besides the candles' whatever is fetched: RefineStreams. */
const STREAM_TRANSITIONS = 1;
/** States entered in a child of RefineStreams, and its start. */
const REFINE_STREAM_TRANSITIONS = 2;

/** Rows of a shard are few: reading what landed for it takes most of the time. Assumed, 2026-11. */
const SECONDS_PER_OBJECT = 0.06;

/** Half of the exchange's budget of weight a minute, and what a laptop on an ordinary line does, as for candles. */
const WEIGHT_PER_MINUTE = 1_200;
const LOCAL = { secondsPerRequest: 0.15, filesAtOnce: 4, rowsPerSec: 200_000 } as const;

/** Requests that a REST chunk takes. */
export function streamRequests({ stream, range }: StreamChunk): number {
  if (stream.name === 'instruments') return stream.market === 'spot' ? 1 : 2;
  return Math.ceil((range.toMs - range.fromMs) / pageOf(stream).spanMs);
}

/** What collecting the streams uses on AWS. Counts are those of a run without retries; seconds are estimates. */
export function streamUse({ streams, chunks }: StreamPlan): AwsUse {
  const batches = batchStreamChunks('run', chunks);
  const invocations = batches.archive.length + batches.rest.length;
  const maps = fetchMapUse({ archive: batches.archive.length, rest: batches.rest.length });
  const files = chunks.filter(({ source }) => source !== 'rest').length;
  const rest = restOf(chunks);
  const landed = files + rest.requests;
  const shards = touchedShards(chunks);
  const lakeReads = streams.reduce((sum, stream) => sum + stream.lakeReads, 0);
  const seconds = {
    plan: streams.length * SECONDS.perSeriesPlanned + lakeReads * SECONDS.perLakeRead,
    fetch: invocations * SECONDS.perInvocation + files * SECONDS.perFile + rest.requests * SECONDS.perRestRequest,
    refine:
      streams.length * SECONDS.perInvocation +
      shards * SECONDS.perShard +
      (landed + readAgain({ streams, chunks })) * SECONDS_PER_OBJECT,
    catalogue: streams.length * SECONDS.perSeriesCatalogued,
  };
  const stages = ['plan', 'fetch', 'refine', 'catalogue'] as const;
  return {
    gbSeconds: stages.reduce((sum, stage) => sum + (seconds[stage] * LAMBDA_MIB[stage]) / 1024, 0),
    invocations: invocations + streams.length,
    transitions:
      STREAM_TRANSITIONS +
      maps.transitions +
      invocations * FETCH_TRANSITIONS +
      streams.length * REFINE_STREAM_TRANSITIONS,
    puts:
      S3_PUTS.fixed +
      maps.puts +
      landed * S3_PUTS.perLanded +
      shards * S3_PUTS.perShard +
      streams.length * S3_PUTS.perStream,
    gets:
      S3_GETS.fixed +
      maps.gets +
      (landed + readAgain({ streams, chunks })) * S3_GETS.perLanded +
      shards * S3_GETS.perShard +
      streams.length * S3_GETS.perStream +
      lakeReads,
  };
}

/** PUT and LIST requests; test/scale/estimate.test.ts counts them in whole runs. */
const S3_PUTS = {
  /** Items of the three maps, and the results of RefineStreams. */
  fixed: 5,
  /** Bytes and receipt. */
  perLanded: 2,
  /** Table and manifest, and a claim if the shard is replaced. */
  perShard: 3,
  /** Listings, closed and open pages apart: plan 2, fetch 3, refine 7, catalogue 2; refine's report and its memory. */
  perStream: 16,
} as const;

const S3_GETS = {
  /** Items of RefineStreams. */
  fixed: 1,
  /** Bytes and receipt. */
  perLanded: 2,
  /** Its manifest. */
  perShard: 2,
  /** Refine's report, its memory in each pass and objects that open pages add, and the manifests of a year of months. */
  perStream: 17,
} as const;

/** Adds the streams to what candles take. */
export function addStreams(totals: PlanTotals, streams: StreamPlan | undefined): PlanTotals {
  if (!streams) return totals;
  const own = streamTotals(streams);
  return {
    ...totals,
    requests: totals.requests + 2 * own.files + own.restRequests,
    restWeight: totals.restWeight + own.restWeight,
    downloadBytes: totals.downloadBytes + own.downloadBytes,
    storedBytes: totals.storedBytes + Math.round(own.downloadBytes * STORED_OF_DOWNLOADED),
    localSeconds: round(totals.localSeconds + own.localSeconds, 1),
    awsUsd: round(totals.awsUsd + own.awsUsd, 6),
    streams: own,
  };
}

/** Landed bytes and the tables made of them. */
const STORED_OF_DOWNLOADED = 1.5;

export function streamTotals(plan: StreamPlan): StreamTotals {
  const { streams, chunks } = plan;
  const files = chunks.filter(({ source }) => source !== 'rest').length;
  const rest = restOf(chunks);
  const downloadBytes = chunks.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const rows = chunks.reduce((sum, { stream, range }) => sum + countOpenTimes(gridOf(stream), range), 0);
  const localSeconds =
    (2 * files * LOCAL.secondsPerRequest) / LOCAL.filesAtOnce +
    Math.max(rest.requests * LOCAL.secondsPerRequest, rest.limitedSec) +
    rows / LOCAL.rowsPerSec;
  return {
    streams: streams.length,
    files,
    restRequests: rest.requests,
    restWeight: rest.weight,
    downloadBytes,
    localSeconds: round(localSeconds, 1),
    awsUsd: round(priceOf(streamUse(plan)), 6),
  };
}

/** Requests and weight of the REST chunks, and the seconds for which the exchange's limits hold them back. */
function restOf(chunks: readonly StreamChunk[]): { requests: number; weight: number; limitedSec: number } {
  const requests = { instruments: 0, funding: 0, open_interest: 0, mark_candles: 0 };
  let weight = 0;
  for (const chunk of chunks) {
    if (chunk.source !== 'rest') continue;
    const asked = streamRequests(chunk);
    requests[chunk.stream.name] += asked;
    weight +=
      chunk.stream.name === 'instruments'
        ? EXCHANGE_INFO_WEIGHT[chunk.stream.market]
        : asked * pageOf(chunk.stream).weight;
  }
  const waits = (['funding', 'open_interest'] as const).map(
    (name) => Math.floor(requests[name] / STREAM_REQUESTS_PER_5_MIN[name]) * 300,
  );
  return {
    requests: Object.values(requests).reduce((sum, count) => sum + count, 0),
    weight,
    limitedSec: Math.max(...waits, Math.floor(weight / WEIGHT_PER_MINUTE) * 60),
  };
}

/** Objects that landed before for the shards that are made anew: a month of days each, at most. */
function readAgain({ streams, chunks }: StreamPlan): number {
  const touched = new Map<string, Set<string>>();
  for (const { stream, range } of chunks) {
    const title = streamTitle(stream);
    const periods = touched.get(title) ?? new Set();
    touched.set(title, new Set([...periods, ...streamPeriodsIn(stream, range)]));
  }
  return streams.reduce(
    (sum, { stream, landedChunks }) => sum + Math.min(landedChunks, 31 * (touched.get(streamTitle(stream))?.size ?? 0)),
    0,
  );
}

/** Shards that chunks bring something for. */
function touchedShards(chunks: readonly StreamChunk[]): number {
  const shards = new Set<string>();
  for (const { stream, range } of chunks) {
    for (const period of streamPeriodsIn(stream, range)) shards.add(`${streamTitle(stream)} ${period}`);
  }
  return shards.size;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
