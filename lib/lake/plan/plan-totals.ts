import type { Chunk, StreamChunk } from '../../domain/chunk.ts';
import { BadInput } from '../../domain/errors.ts';
import { countOpenTimes } from '../../domain/interval.ts';
import { subjectOf } from '../../domain/subject.ts';
import { gridOf } from '../../domain/subject-times.ts';
import { venueOf } from '../../exchange/venues.ts';
import { useOf } from '../cost/aws-use.ts';
import { REPLACED_TABLE_DAYS } from '../cost/deployment.ts';
import { PARQUET_BYTES_PER_CANDLE, priceOf, replacedPrice } from '../cost/prices.ts';
import type { PlannedSeries, PlanTotals, StreamPlan, StreamTotals } from './contract.ts';
import { auditWork, candleWork, restCosts, streamWork, sum } from './plan-work.ts';

/** A laptop on an ordinary line, assumed 2026-11. */
const LOCAL = {
  downloadBytesPerSec: 5_000_000,
  secondsPerRequest: 0.15,
  filesAtOnce: 4,
  /** From landed bytes to all three tables on one core: measured with the whole feature table, 2026-11. */
  candlesPerSec: 40_000,
  streamRowsPerSec: 200_000,
  startSeconds: 1,
} as const;

/** Bytes of a stream in the lake per byte downloaded: the landed bytes and the tables made from them. */
const STREAM_BYTES_STORED = 1.5;

/** Returns counts and estimates of a plan. Counts are exact. Bytes of REST, seconds and dollars are estimates. */
export function planTotals(
  series: readonly PlannedSeries[],
  chunks: readonly Chunk[],
  replacedTableDays: number = REPLACED_TABLE_DAYS,
  streams?: StreamPlan,
): PlanTotals {
  const fetched = fetchTotals(chunks);
  const newCandles = sum(chunks, (chunk) => countOpenTimes(chunk.series.interval, chunk.range));
  const replacedUsd = replacedPrice(
    sum(series, (one) => one.replacedCandles),
    replacedTableDays,
  );
  const localSeconds =
    LOCAL.startSeconds +
    Math.max(fetched.filesSec, fetched.downloadBytes / LOCAL.downloadBytesPerSec) +
    fetched.restSec +
    newCandles / LOCAL.candlesPerSec;
  const candles: PlanTotals = {
    series: series.length,
    shards: sum(series, ({ periods }) => periods.length),
    candles: sum(series, ({ wantedCandles }) => wantedCandles),
    monthlyFiles: fetched.monthlyFiles,
    dailyFiles: fetched.dailyFiles,
    restRequests: fetched.restRequests,
    requests: fetched.requests,
    restWeight: fetched.restWeight,
    downloadBytes: fetched.downloadBytes,
    storedBytes: fetched.downloadBytes + newCandles * PARQUET_BYTES_PER_CANDLE,
    localSeconds: round(localSeconds, 1),
    awsUsd: round(priceOf(useOf(candleWork(series, chunks))) + replacedUsd, 6),
    awsReplacedUsd: round(replacedUsd, 6),
    awsAuditUsd: round(priceOf(useOf(auditWork(series))), 6),
  };
  return streams ? withStreams(candles, streams) : candles;
}

function withStreams(candles: PlanTotals, plan: StreamPlan): PlanTotals {
  const fetched = fetchTotals(plan.chunks);
  const rows = sum(plan.chunks, ({ stream, range }) => countOpenTimes(gridOf(stream), range));
  const streams: StreamTotals = {
    streams: plan.streams.length,
    files: fetched.monthlyFiles + fetched.dailyFiles,
    restRequests: fetched.restRequests,
    restWeight: fetched.restWeight,
    downloadBytes: fetched.downloadBytes,
    localSeconds: round(fetched.filesSec + fetched.restSec + rows / LOCAL.streamRowsPerSec, 1),
    awsUsd: round(priceOf(useOf(streamWork(plan))), 6),
  };
  return {
    ...candles,
    requests: candles.requests + fetched.requests,
    restWeight: candles.restWeight + streams.restWeight,
    downloadBytes: candles.downloadBytes + streams.downloadBytes,
    storedBytes: candles.storedBytes + Math.round(streams.downloadBytes * STREAM_BYTES_STORED),
    localSeconds: round(candles.localSeconds + streams.localSeconds, 1),
    awsUsd: round(candles.awsUsd + streams.awsUsd, 6),
    streams,
  };
}

/** Returns counts of requests, bytes and weight, and the seconds that they take on a laptop. */
function fetchTotals(chunks: readonly (Chunk | StreamChunk)[]) {
  const count = (source: Chunk['source']) => chunks.filter((chunk) => chunk.source === source).length;
  const monthlyFiles = count('archive_monthly');
  const dailyFiles = count('archive_daily');
  const files = monthlyFiles + dailyFiles;
  const costs = restCosts(chunks);
  const restRequests = sum(costs, ({ requests }) => requests);
  const [first] = chunks;
  const waitSec = first ? venueOf(subjectOf(first).market).waitSec(costs) : 0;
  return {
    monthlyFiles,
    dailyFiles,
    restRequests,
    // A file has a checksum.
    requests: 2 * files + restRequests,
    restWeight: sum(costs, ({ weight }) => weight),
    downloadBytes: sum(chunks, ({ sizeBytes }) => sizeBytes),
    filesSec: (2 * files * LOCAL.secondsPerRequest) / LOCAL.filesAtOnce,
    restSec: Math.max(restRequests * LOCAL.secondsPerRequest, waitSec),
  };
}

/** Stops a run before it costs anything, if the estimate is above its budget. @throws BadInput with both sums */
export function checkBudget({ awsUsd, series, candles }: PlanTotals, budgetUsd: number | undefined): void {
  if (budgetUsd === undefined || awsUsd <= budgetUsd) return;
  const estimate = awsUsd.toFixed(awsUsd < 1 ? 4 : 2);
  throw new BadInput(
    `estimated cost must be at most the budget of $${budgetUsd} a run, got $${estimate} for ` +
      `${series} series and ${candles} candles; ask for fewer symbols or a shorter period, or raise the budget`,
  );
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
