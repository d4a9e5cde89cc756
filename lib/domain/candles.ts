/** The columns of candles, and their names in the table `candles`. */
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
} as const;

export type CandleColumn = keyof typeof CANDLE_TABLE_COLUMNS;
export const CANDLE_COLUMNS = Object.keys(CANDLE_TABLE_COLUMNS) as readonly CandleColumn[];

/**
 * Candles of one series as columns, one entry per candle, sorted by `openTimeMs`, without duplicates. Times are epoch
 * milliseconds UTC. Every column is a Float64Array, because kernels read these; the Parquet writer narrows.
 */
export interface Candles extends Readonly<Record<CandleColumn, Float64Array>> {
  readonly length: number;
}

/** Makes candles of `length` rows, all zero. */
export function allocateCandles(length: number): Candles {
  const columns = Object.fromEntries(CANDLE_COLUMNS.map((name) => [name, new Float64Array(length)]));
  return { length, ...(columns as Record<CandleColumn, Float64Array>) };
}

/** Returns rows `[from, to)` as views on the same memory. */
export function sliceCandles(candles: Candles, from: number, to: number): Candles {
  const columns = Object.fromEntries(CANDLE_COLUMNS.map((name) => [name, candles[name].subarray(from, to)]));
  return { length: to - from, ...(columns as Record<CandleColumn, Float64Array>) };
}

/** Copies candles one after the other. */
export function joinCandles(parts: readonly Candles[]): Candles {
  const all = allocateCandles(parts.reduce((sum, { length }) => sum + length, 0));
  let row = 0;
  for (const part of parts) {
    for (const name of CANDLE_COLUMNS) all[name].set(part[name], row);
    row += part.length;
  }
  return all;
}

/** Copies the rows given, in the order given. */
export function pickCandles(candles: Candles, rows: Uint32Array): Candles {
  const picked = allocateCandles(rows.length);
  for (const name of CANDLE_COLUMNS) {
    const from = candles[name];
    const to = picked[name];
    for (let row = 0; row < rows.length; row++) to[row] = from[rows[row]!]!;
  }
  return picked;
}

/** Returns the number of open times, ascending, that are before an instant. */
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
