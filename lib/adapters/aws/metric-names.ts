/**
 * Namespace of the Lambdas' own metrics. Each has the dimension `service`, the name of the deployed lake. Scheduled
 * runs count some by `schedule` besides, and runs of few series the age of the newest candle by `series`.
 */
export const METRIC_NAMESPACE = 'Candlelake';

/** Every metric of the lake, by the stage that counts it. Few dimensions: each combination is paid for by the month. */
export const METRICS = {
  plan: ['EstimatedCostUsd', 'RunsOverBudget', 'RestOutOfReach'],
  fetch: ['ExchangeWeight', 'ExchangeBusy', 'ChecksumFailures', 'BytesLanded'],
  refine: ['ShardsRecomputed'],
  catalogue: ['CandlesWritten', 'GapsFound', 'Conflicts', 'NewestCandleAge', 'FailedItems', 'TablesRefused'],
  audit: ['ObjectsAudited', 'AuditWrong', 'AuditDiffers'],
} as const;

/**
 * Metrics that there are by schedule only. Plan counts the first, catalogue the second: the oldest of the run's series.
 */
const SCHEDULE_METRICS = ['SecondsSinceComplete', 'OldestSeriesAge'] as const;

export type MetricName = (typeof METRICS)[keyof typeof METRICS][number] | (typeof SCHEDULE_METRICS)[number];
