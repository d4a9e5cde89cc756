import { floorOpenTime, type Interval } from './interval.ts';

/** A candle counts as closed this long after its end, so that a clock a little ahead never takes an open one. */
export const CLOSE_MARGIN_MS = 2_000;

/** End of the last candle that had closed at `asOfMs`: the open times before it are those of closed candles. */
export function closedUntil(interval: Interval, asOfMs: number): number {
  return floorOpenTime(interval, asOfMs - CLOSE_MARGIN_MS);
}
