import type { Chunk } from '../domain/chunk.ts';
import { countOpenTimes } from '../domain/interval.ts';
import type { PlannedSeries, PlanTotals } from './contract.ts';

/** Candles a REST request: the most that cost weight 2 (249 candles per weight; 1,500 would cost 10). */
export const REST_PAGE_CANDLES = 499;
export const REST_PAGE_WEIGHT = 2;
export const REST_PAGES_PER_CHUNK = 20;
/** One candle as REST sends it, measured on the exchange's answers of 2026-09. */
export const REST_BYTES_PER_CANDLE = 130;

/** Parquet bytes a candle in all tables together: 76 columns, zstd, derived ones float32; measured 2026-11 (106 MB a year of 1m). */
const PARQUET_BYTES_PER_CANDLE = 210;

/** A laptop on an ordinary line, assumed 2026-11. */
const LOCAL = {
  downloadBytesPerSec: 5_000_000,
  secondsPerRequest: 0.15,
  filesAtOnce: 4,
  /** Half of the exchange's budget of 2,400 a minute: see lib/fetch/weight-governor.ts. */
  weightPerMinute: 1_200,
  /** From landed bytes to all three tables: a year of 1m in 2.5 s. */
  candlesPerSec: 210_000,
  startSeconds: 1,
} as const;

/** AWS list prices, ap-northeast-1, as of 2026-11, US dollars. */
const AWS_USD = {
  lambdaGbSecondArm: 0.0000133334,
  lambdaRequest: 0.2 / 1e6,
  stateTransition: 0.025 / 1e3,
  s3Put: 0.0047 / 1e3,
  s3Get: 0.00037 / 1e3,
} as const;

/** What the functions take there, assumed 2026-11: memory as configured, one arm64 core in 1,769 MB. */
const AWS_USE = {
  fetchGb: 0.5,
  secondsPerFile: 0.6,
  secondsPerRestRequest: 0.25,
  refineGb: 2,
  candlesPerSec: 150_000,
  secondsPerSeries: 2,
  /** plan, catalogue, report and the states around them. */
  fixedGbSeconds: 10,
  fixedTransitions: 20,
  transitionsPerItem: 3,
  /** candles, features, labels, checkpoint, manifest. */
  putsPerShard: 5,
  chunksPerBatch: 8,
} as const;

/** Counts and estimates of a plan. Counts are exact; bytes of REST, seconds and dollars are estimates. */
export function planTotals(series: readonly PlannedSeries[], chunks: readonly Chunk[]): PlanTotals {
  const monthlyFiles = chunks.filter((c) => c.source === 'archive_monthly').length;
  const dailyFiles = chunks.filter((c) => c.source === 'archive_daily').length;
  const restRequests = sum(chunks, (c) => (c.source === 'rest' ? restPages(c) : 0));
  const newCandles = sum(chunks, (c) => countOpenTimes(c.series.interval, c.range));
  const files = monthlyFiles + dailyFiles;
  const work: Work = {
    series: series.length,
    shards: sum(series, (s) => s.periods.length),
    chunks: chunks.length,
    files,
    restRequests,
    downloadBytes: sum(chunks, (c) => c.sizeBytes),
    newCandles,
  };
  return {
    series: work.series,
    shards: work.shards,
    candles: sum(series, (s) => s.wantedCandles),
    monthlyFiles,
    dailyFiles,
    restRequests,
    requests: 2 * files + restRequests,
    restWeight: restRequests * REST_PAGE_WEIGHT,
    downloadBytes: work.downloadBytes,
    storedBytes: work.downloadBytes + newCandles * PARQUET_BYTES_PER_CANDLE,
    localSeconds: round(localSeconds(work), 1),
    awsUsd: round(awsUsd(work), 6),
  };
}

interface Work {
  readonly series: number;
  readonly shards: number;
  readonly chunks: number;
  readonly files: number;
  readonly restRequests: number;
  readonly downloadBytes: number;
  readonly newCandles: number;
}

/** Requests that a REST chunk takes. */
export function restPages(chunk: Chunk): number {
  return Math.ceil(countOpenTimes(chunk.series.interval, chunk.range) / REST_PAGE_CANDLES);
}

function localSeconds(work: Work): number {
  const files = (2 * work.files * LOCAL.secondsPerRequest) / LOCAL.filesAtOnce;
  const limited = Math.floor((work.restRequests * REST_PAGE_WEIGHT) / LOCAL.weightPerMinute) * 60;
  const rest = Math.max(work.restRequests * LOCAL.secondsPerRequest, limited);
  const download = work.downloadBytes / LOCAL.downloadBytesPerSec;
  return LOCAL.startSeconds + Math.max(files, download) + rest + work.newCandles / LOCAL.candlesPerSec;
}

function awsUsd(work: Work): number {
  const batches = Math.ceil(work.chunks / AWS_USE.chunksPerBatch);
  const fetchSeconds = work.files * AWS_USE.secondsPerFile + work.restRequests * AWS_USE.secondsPerRestRequest;
  const refineSeconds = work.series * AWS_USE.secondsPerSeries + work.newCandles / AWS_USE.candlesPerSec;
  const gbSeconds = AWS_USE.fixedGbSeconds + fetchSeconds * AWS_USE.fetchGb + refineSeconds * AWS_USE.refineGb;
  const items = batches + work.series;
  const landed = work.files + work.restRequests;
  return (
    gbSeconds * AWS_USD.lambdaGbSecondArm +
    items * AWS_USD.lambdaRequest +
    (AWS_USE.fixedTransitions + items * AWS_USE.transitionsPerItem) * AWS_USD.stateTransition +
    (2 * landed + work.shards * AWS_USE.putsPerShard) * AWS_USD.s3Put +
    2 * landed * AWS_USD.s3Get
  );
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
