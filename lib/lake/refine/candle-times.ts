import type { Candles } from '../../domain/candles.ts';
import { countOpenTimes, type Interval, nextOpenTime } from '../../domain/interval.ts';

/**
 * When each candle was known: at the end of its interval, also where an outage cut its `close_time` short, since nobody
 * could tell before that nothing more would come.
 */
export function closingTimes(interval: Interval, { openTimeMs }: Candles): Float64Array {
  return openTimeMs.map((timeMs) => nextOpenTime(interval, timeMs));
}

/** Intervals missing directly before each candle; none are before the first of a series. */
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
