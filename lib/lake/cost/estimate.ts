import type { Chunk } from '../../domain/chunk.ts';
import { countOpenTimes } from '../../domain/interval.ts';
import { periodRange, periodsIn } from '../../domain/period.ts';
import { seriesName } from '../../domain/series.ts';
import { REST_PAGE_CANDLES } from '../landing/open-page.ts';
import type { PlannedSeries, PlanTotals } from '../plan/contract.ts';
import { auditUse, auditWork } from './audit-use.ts';
import { type AwsWork, awsUse, REPLACED_TABLE_DAYS } from './aws-use.ts';
import { DAYS_PER_MONTH, priceOf, storagePrice } from './prices.ts';

export const REST_PAGE_WEIGHT = 2;
export const REST_PAGES_PER_CHUNK = 20;
/** One candle as REST sends it, measured on the exchange's answers of 2026-09. */
export const REST_BYTES_PER_CANDLE = 130;

/** Bytes a candle of all that refine writes, checkpoints too: measured 2026-11, 609 for a year of 15m, 557 for two months of 1m. */
export const PARQUET_BYTES_PER_CANDLE = 600;

/** A laptop on an ordinary line, assumed 2026-11. */
const LOCAL = {
  downloadBytesPerSec: 5_000_000,
  secondsPerRequest: 0.15,
  filesAtOnce: 4,
  /** Half of the exchange's budget of 2,400 a minute: see lib/exchange/binance/weight-governor.ts. */
  weightPerMinute: 1_200,
  /** From landed bytes to all three tables, one core: measured with the whole feature table, 2026-11. */
  candlesPerSec: 40_000,
  startSeconds: 1,
} as const;

/** Counts and estimates of a plan. Counts are exact; bytes of REST, seconds and dollars are estimates. */
export function planTotals(
  series: readonly PlannedSeries[],
  chunks: readonly Chunk[],
  replacedTableDays: number = REPLACED_TABLE_DAYS,
): PlanTotals {
  const monthlyFiles = chunks.filter((c) => c.source === 'archive_monthly').length;
  const dailyFiles = chunks.filter((c) => c.source === 'archive_daily').length;
  const restRequests = sum(chunks, (c) => (c.source === 'rest' ? restPages(c) : 0));
  const newCandles = sum(chunks, (c) => countOpenTimes(c.series.interval, c.range));
  const files = monthlyFiles + dailyFiles;
  const onAws = awsWork(series, chunks);
  const replacedUsd = replacedPrice(onAws, replacedTableDays);
  const work: Work = {
    series: series.length,
    shards: sum(series, (s) => s.periods.length),
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
    awsUsd: round(priceOf(awsUse(onAws)) + replacedUsd, 6),
    awsReplacedUsd: round(replacedUsd, 6),
    awsAuditUsd: round(priceOf(auditUse(auditWork(series))), 6),
  };
}

/** US dollars for the tables that a run replaces, kept for so many days as noncurrent versions in the bucket. */
export function replacedPrice({ replacedCandles }: Pick<AwsWork, 'replacedCandles'>, days: number): number {
  return (storagePrice(replacedCandles * PARQUET_BYTES_PER_CANDLE) * days) / DAYS_PER_MONTH;
}

/** The parts of a plan's run that cost something on AWS. */
export function awsWork(series: readonly PlannedSeries[], chunks: readonly Chunk[]): AwsWork {
  const count = (source: Chunk['source']) => chunks.filter((chunk) => chunk.source === source).length;
  return {
    series: series.length,
    shards: sum(series, (s) => s.periods.length),
    monthlyFiles: count('archive_monthly'),
    dailyFiles: count('archive_daily'),
    restChunks: count('rest'),
    restRequests: sum(chunks, (c) => (c.source === 'rest' ? restPages(c) : 0)),
    lakeReads: sum(series, (s) => s.lakeReads),
    remadeShards: sum(series, (s) => s.remadeShards),
    replacedCandles: sum(series, (s) => s.replacedCandles),
    inputsAgain: sum(series, (s) => s.inputsAgain),
    ...refined(chunks),
  };
}

/**
 * Shards that chunks bring something for, and the candles in them up to the last chunk: a shard is made anew as a whole,
 * so a minute of news costs the open period. Where a recomputed shard changes the chain, those after it follow and are
 * not counted here.
 */
function refined(chunks: readonly Chunk[]): Pick<AwsWork, 'refinedShards' | 'refinedCandles'> {
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
  return { refinedShards: shards.size, refinedCandles: sum([...shards.values()], (candles) => candles) };
}

interface Work {
  readonly series: number;
  readonly shards: number;
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

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
