import { SOURCES, type Source } from '../../../domain/chunk.ts';
import type { TimeRange } from '../../../domain/time-range.ts';
import type { StreamConflict } from '../../manifest/contract.ts';
import { MAX_SAMPLES, type StreamShard } from './stream-shard.ts';

/** Rows of one landed answer. */
export interface DecodedAnswer<Row> {
  readonly source: Source;
  readonly range: TimeRange;
  readonly fetchedAtMs: number;
  readonly sha256: string;
  /** A newer version of the same file has taken its place: rows that it alone has are rows no more. */
  readonly superseded?: true | undefined;
  readonly rows: readonly Row[];
}

export interface RankedRow<Row> {
  readonly row: Row;
  readonly source: Source;
  /** Of the landed object that says so. */
  readonly sha256: string;
  readonly superseded?: true | undefined;
}

/** What was said of one time, the best first, which is never superseded. */
export type RankedTime<Row> = readonly [timeMs: number, rows: readonly RankedRow<Row>[]];

/**
 * All rows by their time, ascending, for each time the best first: what stands before what a newer version of its file
 * has replaced; monthly beats daily beats REST; of two files of one kind the one whose own day it is, then the one fetched
 * later; within one answer the later row.
 */
export function rankRows<Row>(answers: readonly DecodedAnswer<Row>[], timeOf: (row: Row) => number): RankedTime<Row>[] {
  const entries = answers.flatMap((answer) =>
    answer.rows.map((row, index) => ({ row, index, answer, timeMs: timeOf(row), source: answer.source })),
  );
  entries.sort(
    (a, b) =>
      a.timeMs - b.timeMs ||
      Number(a.answer.superseded ?? false) - Number(b.answer.superseded ?? false) ||
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
    const ranked = { row, source, sha256: answer.sha256, superseded: answer.superseded };
    if (there) there.push(ranked);
    else if (!answer.superseded) byTime.set(timeMs, [ranked]);
  }
  return [...byTime];
}

/**
 * Counts the rows left out: equal to the best in all that both say, or not, and then told with both values. A superseded
 * row is held against its own kind alone. @param columns fields that are compared, and their columns
 */
export function compareRows<Row>(
  times: readonly RankedTime<Row>[],
  columns: readonly (readonly [field: keyof Row, column: string])[],
): Pick<StreamShard, 'duplicates' | 'conflicts' | 'conflictSamples'> {
  let duplicates = 0;
  let conflicts = 0;
  const conflictSamples: StreamConflict[] = [];
  for (const [timeMs, [best, ...others]] of times) {
    for (const other of others) {
      const differing = columns.find(([field]) => differ(best!.row[field], other.row[field]));
      if (!differing) duplicates += 1;
      else if (!other.superseded || other.source === best!.source) {
        conflicts += 1;
        const [field, column] = differing;
        const value = ({ row, source, sha256 }: RankedRow<Row>) => ({ value: Number(row[field]), source, sha256 });
        if (conflictSamples.length < MAX_SAMPLES) {
          conflictSamples.push({ timeMs, column, kept: value(best!), other: value(other) });
        }
      }
    }
  }
  return { duplicates, conflicts, conflictSamples };
}

/** What only one of them tells is no difference. */
function differ(a: unknown, b: unknown): boolean {
  return a !== undefined && b !== undefined && a !== b;
}

function isOutside(timeMs: number, { fromMs, toMs }: TimeRange): boolean {
  return timeMs < fromMs || timeMs >= toMs;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
