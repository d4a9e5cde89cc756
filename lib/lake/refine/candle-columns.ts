import { CANDLE_COLUMNS, CANDLE_TABLE_COLUMNS } from '../../domain/candles.ts';
import { SOURCES } from '../../domain/chunk.ts';
import type { Series } from '../../domain/series.ts';
import type { ColumnValues } from '../../parquet/table-values.ts';
import type { MergedCandles } from '../landing/merge.ts';

/** The columns of the table `candles`, by name. */
export function candleColumns(
  { market }: Series,
  { candles, source }: MergedCandles,
  knownAtMs: Float64Array,
  gapBefore: Float64Array,
): Map<string, ColumnValues> {
  const sources =
    market === 'sim'
      ? { words: ['simulated'], codes: new Uint8Array(candles.length) }
      : { words: SOURCES, codes: source };
  return new Map<string, ColumnValues>([
    ...CANDLE_COLUMNS.map((name) => [CANDLE_TABLE_COLUMNS[name], candles[name]] as const),
    ['known_at', knownAtMs],
    ['source', sources],
    ['gap_before', gapBefore],
  ]);
}
