import { nominalMs } from '../../domain/interval.ts';
import { STREAM_TABLE } from '../../domain/stream-table.ts';
import { isStream, type Subject } from '../../domain/subject.ts';
import { gridOf } from '../../domain/subject-times.ts';
import { DAY_MS, type TimeRange } from '../../domain/time-range.ts';

/** Candles a REST request: the most that cost weight 2 (249 candles per weight; 1,500 would cost 10). */
export const REST_PAGE_CANDLES = 499;

/**
 * Returns the page of REST that holds this instant. A page is one request. Its length is that of the stream's row in
 * the table, or a UTC day, or a third of it for 1m. While a page is open, each run requests all of it that has closed,
 * so that the newest answer contains the earlier ones. Returns undefined for grids of a day or longer, because a run
 * requests one time of them at most once a day.
 */
export function pageOf(subject: Subject, timeMs: number): TimeRange | undefined {
  const stepMs = nominalMs(gridOf(subject));
  if (stepMs >= DAY_MS) return undefined;
  const own = isStream(subject) ? STREAM_TABLE[subject.name].openPageMs : undefined;
  const pageMs = own ?? DAY_MS / Math.ceil(DAY_MS / stepMs / REST_PAGE_CANDLES);
  // Pages begin at multiples of their length since 1970.
  const fromMs = Math.floor(timeMs / pageMs) * pageMs;
  return { fromMs, toMs: fromMs + pageMs };
}

/**
 * The time after the end of its page in which an answer may still land as one of an open page. A later answer lands
 * among the answers that every run lists. So no run needs to list the open answers of a page that ended a day ago.
 */
export const OPEN_FOR_MS = DAY_MS / 2;
