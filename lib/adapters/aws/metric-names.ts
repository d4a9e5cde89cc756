/**
 * Where the Lambdas' own metrics are found; each has the dimension `service`, the name of the deployed lake. The age of the
 * newest candle is there once more by `series`, for runs of few series.
 */
export const METRIC_NAMESPACE = 'Candlelake';

/** Every metric of the lake, by the stage that counts it. Few dimensions: each combination is paid for by the month. */
export const METRICS = {
  plan: ['EstimatedCostUsd', 'RunsOverBudget', 'RestOutOfReach'],
  fetch: ['ExchangeWeight', 'ExchangeBusy', 'ChecksumFailures', 'BytesLanded'],
  refine: ['ShardsRecomputed'],
  catalogue: ['CandlesWritten', 'GapsFound', 'Conflicts', 'NewestCandleAge', 'FailedItems'],
  audit: ['ObjectsAudited', 'AuditWrong', 'AuditDiffers'],
} as const;

export type MetricName = (typeof METRICS)[keyof typeof METRICS][number];
