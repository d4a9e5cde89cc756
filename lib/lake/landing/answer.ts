import type { Source } from '../../domain/chunk.ts';
import { closedUntil } from '../../domain/closed.ts';
import { ceilOpenTime, type Interval } from '../../domain/interval.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import { landingsOf, type Receipt } from './receipt.ts';

/** One landed answer of the exchange, as evidence: it lacks every closed candle of its range that is not in it. */
export interface Answer {
  readonly source: Source;
  /** On the grid. It ends with the last candle that had closed at the time of the request. */
  readonly range: TimeRange;
  readonly sha256: string;
  /** The times at which it landed, ascending. */
  readonly landedAtMs: readonly number[];
  /** Set if a newer version of the same archive file has landed. */
  readonly superseded?: true;
}

export function answerOf(interval: Interval, receipt: Receipt): Answer {
  const { source, range, sha256, asOfMs } = receipt;
  const landedAtMs = landingsOf(receipt).map(({ fetchedAtMs }) => fetchedAtMs);
  return { source, range: closedRange(interval, range, asOfMs), sha256, landedAtMs };
}

/** Returns the open times of a range whose candles had closed by then. Both ends are on the grid. */
export function closedRange(interval: Interval, range: TimeRange, asOfMs: number): TimeRange {
  const fromMs = ceilOpenTime(interval, range.fromMs);
  const toMs = Math.min(ceilOpenTime(interval, range.toMs), closedUntil(interval, asOfMs));
  return { fromMs, toMs: Math.max(fromMs, toMs) };
}
