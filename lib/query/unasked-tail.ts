import { closedUntil } from '../domain/closed.ts';
import { countOpenTimes } from '../domain/interval.ts';
import { seriesName } from '../domain/series.ts';
import { isoTime, type TimeRange } from '../domain/time-range.ts';
import type { QueryResult } from '../ports.ts';
import type { LedgerSum } from './ledger-sums.ts';

/** The ledger of some series: its rows, and the sum of each series. */
export interface AskedLedger {
  readonly rows: QueryResult;
  readonly sums: readonly LedgerSum[];
}

/**
 * The ledger up to now. Its table ends where the lake was last asked to reach, for a shard is a function of what landed;
 * what has closed since is `unknown`, because nobody was asked. A symbol that was settled has come to its end.
 */
export function withUnaskedTail(ledger: AskedLedger, nowMsOf: (sum: LedgerSum) => number): AskedLedger {
  const tails = new Map<string, TimeRange>();
  const sums = ledger.sums.map((sum) => {
    const { series, accounted, toMs } = sum;
    const tail = { fromMs: toMs, toMs: closedUntil(series.interval, nowMsOf(sum)) };
    if (tail.toMs <= tail.fromMs || accounted.settled) return sum;
    const intervals = countOpenTimes(series.interval, tail);
    const unknown = accounted.unknown ?? { intervals: 0, candles: 0 };
    tails.set(seriesName(series), tail);
    return {
      ...sum,
      toMs: tail.toMs,
      grid: sum.grid + intervals,
      explained: sum.explained + intervals,
      accounted: { ...accounted, unknown: { ...unknown, intervals: unknown.intervals + intervals } },
    };
  });
  const { columns, rows } = ledger.rows;
  const cellsOf = (sum: LedgerSum, tail: TimeRange): Readonly<Record<string, unknown>> => ({
    ...sum.series,
    from_time: isoTime(tail.fromMs),
    to_time: isoTime(tail.toMs),
    class: 'unknown',
    intervals: countOpenTimes(sum.series.interval, tail),
    candles: 0,
    known_at: isoTime(tail.toMs),
    evidence: JSON.stringify({ why: 'not_asked_since' }),
  });
  const added = sums.flatMap((sum) => {
    const tail = tails.get(seriesName(sum.series));
    if (!tail) return [];
    const cells = cellsOf(sum, tail);
    return [columns.map(({ name }) => cells[name] ?? null)];
  });
  return { rows: { columns, rows: [...rows, ...added] }, sums };
}
