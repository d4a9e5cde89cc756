import { sliceCandles } from '../lib/domain/candles.ts';
import type { TableSchema } from '../lib/domain/table-schema.ts';
import { createFeatureEngine } from '../lib/features/engine.ts';
import { TABLE } from '../lib/features/table.ts';
import { computeLabels } from '../lib/labels/compute-labels.ts';
import { mergeCandles } from '../lib/lake/landing/merge.ts';
import { closingTimes, gapsBefore } from '../lib/lake/refine/candle-times.ts';
import { SHARD_TABLES, type ShardParts } from '../lib/lake/refine/tables.ts';
import type { ColumnValues } from '../lib/parquet/table-values.ts';
import { candlesOf, type Input } from './corpus.ts';

/** One table of a shard, ready to be written. */
export interface EncodableTable {
  readonly schema: TableSchema;
  readonly length: number;
  readonly columns: ReadonlyMap<string, ColumnValues>;
}

/** The tables of an input as one shard, except the ledger. */
export async function shardTables(input: Input): Promise<readonly EncodableTable[]> {
  const { interval } = input;
  const objects = (await candlesOf(input)).map((candles) => ({
    source: 'archive_monthly' as const,
    fetchedAtMs: 0,
    sha256: '',
    candles,
  }));
  const shard = mergeCandles(objects);
  const { candles } = shard;
  const knownAtMs = closingTimes(interval, candles);
  const features = createFeatureEngine(interval).run(sliceCandles(candles, 0, candles.length));
  const window = { ...candles, knownAtMs, sigma: features.columns.volatility_7d };
  const labels = computeLabels(interval, window, 0, candles.length);
  const parts: ShardParts = {
    series: { market: 'um', symbol: 'BTCUSDT', interval },
    shard,
    knownAtMs,
    gapBefore: gapsBefore(interval, candles.openTimeMs, Number.NaN),
    features,
    labels,
    gaps: [],
  };
  return (['candles', 'features', 'labels'] as const).map((name) => {
    const { schema, length, columns } = SHARD_TABLES[name];
    return { schema: schema(TABLE), length: length(parts), columns: columns(parts) };
  });
}
