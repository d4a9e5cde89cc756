/**
 * Memory of each Lambda in MiB. The stack deploys it, and estimates count with it. The audit holds a month of 1m
 * features, all their bytes at once, and the candles of two intervals.
 */
export const LAMBDA_MIB = { plan: 1024, fetch: 1024, refine: 3008, catalogue: 1024, audit: 2048 } as const;

/**
 * Days for which the bucket keeps a replaced version of a table, enough to undo a mistake. A deployment may set another
 * number: `retentionDays.replacedTables`.
 */
export const REPLACED_TABLE_DAYS = 2;
