import type { Candles } from '../../domain/candles.ts';
import { countOpenTimes, type Interval, nextOpenTime } from '../../domain/interval.ts';

/**
 * Returns, for each candle, the instant at which it was known: the end of its interval. This also holds if an outage
 * cut its `close_time` short, because nobody could know before the end that no trade would follow.
 */
export function closingTimes(interval: Interval, { openTimeMs }: Candles): Float64Array {
  return openTimeMs.map((timeMs) => nextOpenTime(interval, timeMs));
}

/**
 * Returns, for each candle, the number of intervals missing directly before it. It is 0 for the first candle of a
 * series.
 * @param previousOpenTimeMs the open time of the candle before; NaN before the first candle
 */
export function gapsBefore(interval: Interval, openTimeMs: Float64Array, previousOpenTimeMs: number): Float64Array {
  const gaps = new Float64Array(openTimeMs.length);
  let previous = previousOpenTimeMs;
  for (let row = 0; row < openTimeMs.length; row++) {
    const openTime = openTimeMs[row]!;
    if (row > 0 || !Number.isNaN(previous)) {
      const expected = nextOpenTime(interval, previous);
      if (openTime > expected) gaps[row] = countOpenTimes(interval, { fromMs: expected, toMs: openTime });
    }
    previous = openTime;
  }
  return gaps;
}
