import { BadInput } from './errors.ts';
import { type Interval, nominalMs } from './interval.ts';
import { DAY_MS, type TimeRange } from './time-range.ts';

/** The Hive partition of a series: `YYYY-MM` for 1m and 3m, `YYYY` for 5m to 12h, `all` for 1d and longer. */
export type Period = string;

/** Returns the period that holds the candle with this open time. */
export function periodOf(interval: Interval, openTimeMs: number): Period {
  const length = nominalMs(interval);
  if (length >= DAY_MS) return 'all';
  const iso = new Date(openTimeMs).toISOString();
  return length <= 180_000 ? iso.slice(0, 7) : iso.slice(0, 4);
}

const PERIOD = /^(\d{4}(-(0[1-9]|1[0-2]))?|all)$/;

/** Reads a period. @throws BadInput */
export function parsePeriod(text: string): Period {
  const period = text.trim();
  if (PERIOD.test(period)) return period;
  throw new BadInput(`shard must be a month such as 2024-02, a year such as 2024, or all, got '${text}'`);
}

/** Returns the open times that belong to a period. */
export function periodRange(period: Period): TimeRange {
  if (period === 'all') return { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };
  const [year, month] = period.split('-').map(Number) as [number, number?];
  return month === undefined
    ? { fromMs: Date.UTC(year, 0, 1), toMs: Date.UTC(year + 1, 0, 1) }
    : { fromMs: Date.UTC(year, month - 1, 1), toMs: Date.UTC(year, month, 1) };
}

/** Returns the periods, ascending, that have at least one instant of the range. */
export function periodsIn(interval: Interval, range: TimeRange): Period[] {
  const periods: Period[] = [];
  for (let timeMs = range.fromMs; timeMs < range.toMs; ) {
    const period = periodOf(interval, timeMs);
    periods.push(period);
    timeMs = periodRange(period).toMs;
  }
  return periods;
}
