import type { Candles } from '../domain/candles.ts';
import { UnexpectedFormat } from '../domain/errors.ts';

/** No exchange has candles before this instant. */
export const EARLIEST_CANDLE_MS = Date.UTC(2017, 0, 1);
/** Larger numbers have another unit. */
const LATEST_MS = Date.UTC(2100, 0, 1);

/**
 * Checks that every row can be a candle: its times are in range, low ≤ open, close ≤ high, and no value is negative or
 * infinite.
 * @throws UnexpectedFormat with the row and its values
 */
export function assertSane(candles: Candles, name: string): void {
  const { openTimeMs, closeTimeMs, open, high, low, close, volume, trades } = candles;
  const { quoteVolume, takerBuyVolume, takerBuyQuoteVolume } = candles;
  for (let row = 0; row < candles.length; row++) {
    const lowest = low[row]!;
    const highest = high[row]!;
    // Written so that a NaN anywhere fails.
    const sane =
      openTimeMs[row]! >= EARLIEST_CANDLE_MS &&
      openTimeMs[row]! < LATEST_MS &&
      closeTimeMs[row]! >= openTimeMs[row]! &&
      closeTimeMs[row]! < LATEST_MS &&
      lowest >= 0 &&
      lowest <= open[row]! &&
      lowest <= close[row]! &&
      highest >= open[row]! &&
      highest >= close[row]! &&
      highest < Number.POSITIVE_INFINITY &&
      volume[row]! >= 0 &&
      quoteVolume[row]! >= 0 &&
      takerBuyVolume[row]! >= 0 &&
      takerBuyQuoteVolume[row]! >= 0 &&
      volume[row]! + quoteVolume[row]! + takerBuyVolume[row]! + takerBuyQuoteVolume[row]! < Number.POSITIVE_INFINITY &&
      trades[row]! >= 0 &&
      trades[row]! <= 0x7fffffff;
    if (!sane) {
      const values = Object.entries(candles).flatMap(([column, cells]) =>
        typeof cells === 'number' ? [] : [`${column} ${(cells as Float64Array)[row]}`],
      );
      throw new UnexpectedFormat(`row ${row + 1} of ${name} is no candle: ${values.join(', ')}`);
    }
  }
}
