import type { Source } from '../../domain/chunk.ts';
import { closedUntil } from '../../domain/closed.ts';
import { ceilOpenTime, type Interval } from '../../domain/interval.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import { landingsOf, type Receipt } from './receipt.ts';

/** One landed answer of the exchange, as evidence: whatever closed candle of its range it does not hold, it had not. */
export interface Answer {
  readonly source: Source;
  /** On the grid; ends where the candles had closed when it was asked. */
  readonly range: TimeRange;
  readonly sha256: string;
  /** Each time that it came, ascending. */
  readonly landedAtMs: readonly number[];
  /** A newer version of the same archive file has taken its place, and speaks for it. */
  readonly superseded?: true;
}

export function answerOf(interval: Interval, receipt: Receipt): Answer {
  const { source, range, sha256, asOfMs } = receipt;
  const landedAtMs = landingsOf(receipt).map(({ fetchedAtMs }) => fetchedAtMs);
  return { source, range: closedRange(interval, range, asOfMs), sha256, landedAtMs };
}

/** The open times of a range whose candles had closed by then, ends on the grid. */
export function closedRange(interval: Interval, range: TimeRange, asOfMs: number): TimeRange {
  const fromMs = ceilOpenTime(interval, range.fromMs);
  const toMs = Math.min(ceilOpenTime(interval, range.toMs), closedUntil(interval, asOfMs));
  return { fromMs, toMs: Math.max(fromMs, toMs) };
}
