/**
 * Candles of one series as columns, one entry a candle, sorted by `openTimeMs`, without duplicates. Times are epoch
 * milliseconds UTC. Every column is Float64Array, because that is what kernels read; the Parquet writer narrows.
 */
export interface Candles {
  readonly length: number;
  readonly openTimeMs: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
  readonly closeTimeMs: Float64Array;
  readonly quoteVolume: Float64Array;
  readonly trades: Float64Array;
  readonly takerBuyVolume: Float64Array;
  readonly takerBuyQuoteVolume: Float64Array;
}

/** Names of the columns of `Candles`. */
export const CANDLE_COLUMNS = [
  'openTimeMs',
  'open',
  'high',
  'low',
  'close',
  'volume',
  'closeTimeMs',
  'quoteVolume',
  'trades',
  'takerBuyVolume',
  'takerBuyQuoteVolume',
] as const;
export type CandleColumn = (typeof CANDLE_COLUMNS)[number];

/** Their names in the table `candles`. */
export const CANDLE_TABLE_COLUMNS = {
  openTimeMs: 'open_time',
  open: 'open',
  high: 'high',
  low: 'low',
  close: 'close',
  volume: 'volume',
  closeTimeMs: 'close_time',
  quoteVolume: 'quote_volume',
  trades: 'trades',
  takerBuyVolume: 'taker_buy_volume',
  takerBuyQuoteVolume: 'taker_buy_quote_volume',
} as const satisfies Record<CandleColumn, string>;

/** Candles with room for `length` rows, all zero. */
export function allocateCandles(length: number): Candles {
  const columns = Object.fromEntries(CANDLE_COLUMNS.map((name) => [name, new Float64Array(length)]));
  return { length, ...(columns as Record<CandleColumn, Float64Array>) };
}

/** Rows `[from, to)` as views on the same memory. */
export function sliceCandles(candles: Candles, from: number, to: number): Candles {
  const columns = Object.fromEntries(CANDLE_COLUMNS.map((name) => [name, candles[name].subarray(from, to)]));
  return { length: to - from, ...(columns as Record<CandleColumn, Float64Array>) };
}

/** The rows given, in the order given, copied. */
export function pickCandles(candles: Candles, rows: Uint32Array): Candles {
  const picked = allocateCandles(rows.length);
  for (const name of CANDLE_COLUMNS) {
    const from = candles[name];
    const to = picked[name];
    for (let row = 0; row < rows.length; row++) to[row] = from[rows[row]!]!;
  }
  return picked;
}

/** Number of the open times, ascending, that come before an instant. */
export function rowsBefore(openTimeMs: Float64Array, timeMs: number): number {
  let low = 0;
  let high = openTimeMs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (openTimeMs[middle]! < timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
