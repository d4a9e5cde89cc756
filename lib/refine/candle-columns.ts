import { SOURCES } from '../domain/chunk.ts';
import type { Series } from '../domain/series.ts';
import type { MergedCandles } from './merge.ts';
import type { ColumnValues } from './parquet.ts';

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
    ['open_time', candles.openTimeMs],
    ['open', candles.open],
    ['high', candles.high],
    ['low', candles.low],
    ['close', candles.close],
    ['volume', candles.volume],
    ['quote_volume', candles.quoteVolume],
    ['trades', candles.trades],
    ['taker_buy_volume', candles.takerBuyVolume],
    ['taker_buy_quote_volume', candles.takerBuyQuoteVolume],
    ['close_time', candles.closeTimeMs],
    ['known_at', knownAtMs],
    ['source', sources],
    ['gap_before', gapBefore],
  ]);
}
