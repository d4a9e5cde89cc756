import type { Source } from '../../../domain/chunk.ts';
import type { TimeRange } from '../../../domain/time-range.ts';
import { byFetched, byKind, type Preferable } from '../../landing/preference.ts';
import type { StreamConflict } from '../../manifest/contract.ts';
import { MAX_SAMPLES, type StreamShard } from './stream-shard.ts';

/** Rows of one landed answer. Rows that only a superseded answer has are not rows of the table. */
export interface DecodedAnswer<Row> extends Preferable {
  readonly range: TimeRange;
  readonly rows: readonly Row[];
}

export interface RankedRow<Row> {
  readonly row: Row;
  readonly source: Source;
  /** Hash of the landed object. */
  readonly sha256: string;
  readonly superseded?: boolean | undefined;
}

/** The rows of one time, best first. The best is never superseded. */
export type RankedTime<Row> = readonly [timeMs: number, rows: readonly RankedRow<Row>[]];

/**
 * Sorts all rows by their time, and those of one time by preference as candles are. Of two files of one kind, the one whose
 * own range holds the time comes before the one whose last row lies behind its range. Within one answer the later row is best.
 */
export function rankRows<Row>(answers: readonly DecodedAnswer<Row>[], timeOf: (row: Row) => number): RankedTime<Row>[] {
  const entries = answers.flatMap((answer) =>
    answer.rows.map((row, index) => ({ row, index, answer, timeMs: timeOf(row), source: answer.source })),
  );
  entries.sort(
    (a, b) =>
      a.timeMs - b.timeMs ||
      byKind(a.answer, b.answer) ||
      Number(isOutside(a.timeMs, a.answer.range)) - Number(isOutside(b.timeMs, b.answer.range)) ||
      byFetched(a.answer, b.answer) ||
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
 * Counts the rows that are not used: duplicates of the best in all fields that both have, and conflicts, of which the first
 * are listed with both values. A superseded row is compared only with a best row of its own source.
 * @param columns fields that are compared, and their columns
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

/** A field that only one of them has is not a difference. */
function differ(a: unknown, b: unknown): boolean {
  return a !== undefined && b !== undefined && a !== b;
}

function isOutside(timeMs: number, { fromMs, toMs }: TimeRange): boolean {
  return timeMs < fromMs || timeMs >= toMs;
}
