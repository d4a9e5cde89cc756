import { type Interval, nominalMs } from '../../domain/interval.ts';
import { DAY_MS, type TimeRange } from '../../domain/time-range.ts';

/** Candles a REST request: the most that cost weight 2 (249 candles per weight; 1,500 would cost 10). */
export const REST_PAGE_CANDLES = 499;

/** Returns the page of this length that holds an instant. Pages begin at multiples of their length since 1970. */
export function pageAround(timeMs: number, pageMs: number): TimeRange {
  const fromMs = Math.floor(timeMs / pageMs) * pageMs;
  return { fromMs, toMs: fromMs + pageMs };
}

/**
 * Returns the page of the UTC day that holds this instant. A page is one REST request: a day, or a third of it for 1m. While a
 * page is open, each run requests all of it that has closed, so that the newest answer contains the earlier ones.
 * Returns undefined for candles of a day or longer, because a run requests one of them at most once a day.
 */
export function pageOf(interval: Interval, timeMs: number): TimeRange | undefined {
  const stepMs = nominalMs(interval);
  if (stepMs >= DAY_MS) return undefined;
  return pageAround(timeMs, DAY_MS / Math.ceil(DAY_MS / stepMs / REST_PAGE_CANDLES));
}

/**
 * How long after the end of its page an answer may still land as one of an open page. An answer that comes later lands
 * among the answers that every run lists. So no run needs to list the open answers of a page that ended a day ago.
 */
export const OPEN_FOR_MS = DAY_MS / 2;
