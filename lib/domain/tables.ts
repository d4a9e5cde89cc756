/** The Parquet tables of a series, each with one object per shard. */
export const TABLES = ['candles', 'features', 'labels', 'gaps'] as const;
export type Table = (typeof TABLES)[number];
