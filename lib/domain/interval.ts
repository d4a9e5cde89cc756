import { BadInput } from './errors.ts';
import { DAY_MS, type TimeRange } from './time-range.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** The intervals by the exchange's names, and their length. A month has no fixed length. */
const LENGTH_MS = {
  '1m': MINUTE_MS,
  '3m': 3 * MINUTE_MS,
  '5m': 5 * MINUTE_MS,
  '15m': 15 * MINUTE_MS,
  '30m': 30 * MINUTE_MS,
  '1h': HOUR_MS,
  '2h': 2 * HOUR_MS,
  '4h': 4 * HOUR_MS,
  '6h': 6 * HOUR_MS,
  '8h': 8 * HOUR_MS,
  '12h': 12 * HOUR_MS,
  '1d': DAY_MS,
  '3d': 3 * DAY_MS,
  '1w': 7 * DAY_MS,
  '1M': undefined,
} as const;

export type Interval = keyof typeof LENGTH_MS;
export const INTERVALS = Object.keys(LENGTH_MS) as Interval[];

/** Reads the name of an interval. Case matters: `1m` is a minute, `1M` a month. @throws BadInput */
export function parseInterval(text: string): Interval {
  const interval = INTERVALS.find((i) => i === text);
  if (!interval) throw new BadInput(`interval must be one of ${INTERVALS.join(' ')}, got '${text}'`);
  return interval;
}

/** Returns the milliseconds of one candle. For `1M` it is 30 days, for estimates only. */
export function nominalMs(interval: Interval): number {
  return LENGTH_MS[interval] ?? 30 * DAY_MS;
}

/** Returns the number of candles in `days` days. Undefined if the interval is longer. */
export function candlesInDays(interval: Interval, days: number): number | undefined {
  const count = Math.floor((days * DAY_MS) / nominalMs(interval));
  return count >= 1 ? count : undefined;
}

// Weeks open on Monday and 1970-01-01 was a Thursday.
const WEEK_OFFSET_MS = 4 * DAY_MS;

/** Returns the open time of the candle that holds this instant. */
export function floorOpenTime(interval: Interval, timeMs: number): number {
  const length = LENGTH_MS[interval];
  if (length === undefined) {
    const date = new Date(timeMs);
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  }
  const offset = interval === '1w' ? WEEK_OFFSET_MS : 0;
  return Math.floor((timeMs - offset) / length) * length + offset;
}

/** Returns the first open time at or after this instant. */
export function ceilOpenTime(interval: Interval, timeMs: number): number {
  const floor = floorOpenTime(interval, timeMs);
  return floor === timeMs ? floor : nextOpenTime(interval, floor);
}

/** Returns the open time of the next candle, which is also the instant at which this one closes. */
export function nextOpenTime(interval: Interval, openTimeMs: number): number {
  return stepOpenTimes(interval, openTimeMs, 1);
}

/** Returns the open time so many candles after that one. */
export function stepOpenTimes(interval: Interval, openTimeMs: number, count: number): number {
  const length = LENGTH_MS[interval];
  if (length !== undefined) return openTimeMs + count * length;
  const date = new Date(openTimeMs);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + count, 1);
}

/** Returns the number of open times in the range. */
export function countOpenTimes(interval: Interval, range: TimeRange): number {
  const fromMs = ceilOpenTime(interval, range.fromMs);
  const toMs = ceilOpenTime(interval, range.toMs);
  const length = LENGTH_MS[interval];
  if (length !== undefined) return Math.max(0, Math.round((toMs - fromMs) / length));
  const from = new Date(fromMs);
  const to = new Date(toMs);
  const months = (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth();
  return Math.max(0, months);
}
