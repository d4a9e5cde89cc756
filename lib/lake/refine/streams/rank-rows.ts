import type { Source } from '../../../domain/chunk.ts';
import { isWithin, type TimeRange } from '../../../domain/time-range.ts';
import { byFetched, byKind, type Preferable } from '../../landing/preference.ts';
import type { StreamConflict } from '../../manifest/contract.ts';
import type { StreamShard } from './stream-reader.ts';

/** A row of a stream: its values by column. A column is absent if the answer does not have it. */
export type StreamRow = Readonly<Record<string, number>>;
/** A column of a row. */
export type RowColumn<Row> = keyof Row & string;

/** Rows of one landed answer. Rows that only a superseded answer has are not rows of the table. */
interface DecodedAnswer<Row> extends Preferable {
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
type RankedTime<Row> = readonly [timeMs: number, rows: readonly RankedRow<Row>[]];

/** The conflicts of a shard that its report lists. */
const MAX_SAMPLES = 20;

/**
 * Sorts all rows by their time, and those of one time by preference as candles are. Of two files of one kind, the one
 * whose own range holds the time comes before the one whose last row lies behind its range. Within one answer the later
 * row is best.
 */
export function rankRows<Row extends StreamRow>(
  answers: readonly DecodedAnswer<Row>[],
  time: RowColumn<Row>,
): RankedTime<Row>[] {
  const entries = answers.flatMap((answer) =>
    answer.rows.map((row, index) => ({ row, index, answer, timeMs: row[time], source: answer.source })),
  );
  entries.sort(
    (a, b) =>
      a.timeMs - b.timeMs ||
      byKind(a.answer, b.answer) ||
      Number(isWithin(b.timeMs, b.answer.range)) - Number(isWithin(a.timeMs, a.answer.range)) ||
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
 * Counts the rows that are not used: duplicates of the best in all columns that both have, and conflicts, of which the
 * first are listed with both values. A superseded row is compared only with a best row of its own source.
 */
export function compareRows<Row extends StreamRow>(
  times: readonly RankedTime<Row>[],
  columns: readonly RowColumn<Row>[],
): Pick<StreamShard, 'duplicates' | 'conflicts' | 'conflictSamples'> {
  let duplicates = 0;
  let conflicts = 0;
  const conflictSamples: StreamConflict[] = [];
  for (const [timeMs, [best, ...others]] of times) {
    for (const other of others) {
      const column = columns.find((name) => differ(best!.row[name], other.row[name]));
      if (column === undefined) duplicates += 1;
      else if (!other.superseded || other.source === best!.source) {
        conflicts += 1;
        const value = ({ row, source, sha256 }: RankedRow<Row>) => ({ value: row[column], source, sha256 });
        if (conflictSamples.length < MAX_SAMPLES) {
          conflictSamples.push({ timeMs, column, kept: value(best!), other: value(other) });
        }
      }
    }
  }
  return { duplicates, conflicts, conflictSamples };
}

/** A column that only one of them has is not a difference. */
function differ(a: number | undefined, b: number | undefined): boolean {
  return a !== undefined && b !== undefined && a !== b;
}
