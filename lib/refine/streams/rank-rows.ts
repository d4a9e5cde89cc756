import { SOURCES, type Source } from '../../domain/chunk.ts';
import type { TimeRange } from '../../domain/time-range.ts';

/** Rows of one landed answer. */
export interface DecodedAnswer<Row> {
  readonly source: Source;
  readonly range: TimeRange;
  readonly fetchedAtMs: number;
  readonly sha256: string;
  readonly rows: readonly Row[];
}

export interface RankedRow<Row> {
  readonly row: Row;
  readonly source: Source;
  /** Of the landed object that says so. */
  readonly sha256: string;
}

/**
 * All rows by their time, ascending, for each time the best first: monthly beats daily beats REST; of two files of one
 * kind the one whose own day it is, then the one fetched later; within one answer the later row.
 */
export function rankRows<Row>(
  answers: readonly DecodedAnswer<Row>[],
  timeOf: (row: Row) => number,
): [timeMs: number, rows: RankedRow<Row>[]][] {
  const entries = answers.flatMap((answer) =>
    answer.rows.map((row, index) => ({ row, index, answer, timeMs: timeOf(row), source: answer.source })),
  );
  entries.sort(
    (a, b) =>
      a.timeMs - b.timeMs ||
      SOURCES.indexOf(a.source) - SOURCES.indexOf(b.source) ||
      Number(isOutside(a.timeMs, a.answer.range)) - Number(isOutside(b.timeMs, b.answer.range)) ||
      b.answer.fetchedAtMs - a.answer.fetchedAtMs ||
      // The two last criteria only make the order total.
      a.answer.range.fromMs - b.answer.range.fromMs ||
      compareText(a.answer.sha256, b.answer.sha256) ||
      b.index - a.index,
  );
  const byTime = new Map<number, RankedRow<Row>[]>();
  for (const { timeMs, row, source, answer } of entries) {
    const there = byTime.get(timeMs);
    const ranked = { row, source, sha256: answer.sha256 };
    if (there) there.push(ranked);
    else byTime.set(timeMs, [ranked]);
  }
  return [...byTime];
}

function isOutside(timeMs: number, { fromMs, toMs }: TimeRange): boolean {
  return timeMs < fromMs || timeMs >= toMs;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
