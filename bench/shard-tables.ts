import { sliceCandles } from '../lib/domain/candles.ts';
import { CANDLES_SCHEMA, type TableSchema } from '../lib/domain/table-schema.ts';
import { createFeatureEngine } from '../lib/features/engine.ts';
import { FEATURES_SCHEMA } from '../lib/features/schema.ts';
import { computeLabels } from '../lib/labels/compute-labels.ts';
import { LABELS_SCHEMA } from '../lib/labels/schema.ts';
import { mergeCandles } from '../lib/lake/landing/merge.ts';
import { candleColumns } from '../lib/lake/refine/candle-columns.ts';
import { closingTimes, gapsBefore } from '../lib/lake/refine/candle-times.ts';
import type { ColumnValues } from '../lib/parquet/table-values.ts';
import { candlesOf, type Input } from './corpus.ts';

/** One table of a shard, ready to be written. */
export interface ShardTable {
  readonly schema: TableSchema;
  readonly length: number;
  readonly columns: ReadonlyMap<string, ColumnValues>;
}

/** The three tables of an input as one shard. */
export async function shardTables(input: Input): Promise<readonly ShardTable[]> {
  const { interval } = input;
  const objects = (await candlesOf(input)).map((candles) => ({
    source: 'archive_monthly' as const,
    fetchedAtMs: 0,
    sha256: '',
    candles,
  }));
  const shard = { ...mergeCandles(objects), notClosed: 0 };
  const { candles } = shard;
  const { length } = candles;
  const knownAtMs = closingTimes(interval, candles);
  const gaps = gapsBefore(interval, candles.openTimeMs, Number.NaN);
  const { columns } = createFeatureEngine(interval).run(sliceCandles(candles, 0, length));
  const window = { ...candles, knownAtMs, sigma: columns.volatility_7d };
  const labels = computeLabels(interval, window, 0, length);
  const series = { market: 'um', symbol: 'BTCUSDT', interval } as const;
  return [
    { schema: CANDLES_SCHEMA, length, columns: candleColumns(series, shard, knownAtMs, gaps) },
    {
      schema: FEATURES_SCHEMA,
      length,
      columns: new Map([['open_time', candles.openTimeMs], ['known_at', knownAtMs], ...Object.entries(columns)]),
    },
    { schema: LABELS_SCHEMA, length: labels.length, columns: new Map(Object.entries(labels.columns)) },
  ];
}
