import type { Source } from '../../../domain/chunk.ts';
import type { StreamFacts } from '../../../domain/stream-table.ts';
import { isWithin, type TimeRange } from '../../../domain/time-range.ts';
import type { StreamRow } from '../../../exchange/stream-decoder.ts';
import { byFetched, byKind, type Preferable } from '../../landing/preference.ts';
import type { StreamConflict } from '../../manifest/contract.ts';
import { byIdentity, type IdentifiedRow } from './identify-rows.ts';
import type { StreamShard } from './stream-reader.ts';

/** Rows of one landed answer. Rows that only a superseded answer has are not rows of the table. */
interface DecodedAnswer extends Preferable {
  readonly range: TimeRange;
  readonly rows: readonly IdentifiedRow[];
}

export interface RankedRow {
  readonly row: StreamRow;
  readonly source: Source;
  /** Hash of the landed object. */
  readonly sha256: string;
  readonly superseded?: boolean | undefined;
}

/** The landed rows that are one row of the table, best first. The best is never superseded. */
interface RankedTime {
  readonly timeMs: number;
  readonly rows: readonly RankedRow[];
}

/** The conflicts of a shard that its report lists. */
const MAX_SAMPLES = 20;

/**
 * Sorts all rows by their identity, and those of one identity by preference as candles are. Of two files of one kind,
 * the one whose own range holds the time comes before the one whose last row lies behind its range. Within one answer
 * the later row is best.
 */
export function rankRows(facts: Pick<StreamFacts, 'key'>, answers: readonly DecodedAnswer[]): RankedTime[] {
  const compare = byIdentity(facts);
  const entries = answers.flatMap((answer) =>
    answer.rows.map((one, index) => ({ one, index, answer, source: answer.source })),
  );
  entries.sort(
    (a, b) =>
      compare(a.one, b.one) ||
      byKind(a.answer, b.answer) ||
      Number(isWithin(b.one.timeMs, b.answer.range)) - Number(isWithin(a.one.timeMs, a.answer.range)) ||
      byFetched(a.answer, b.answer) ||
      b.index - a.index,
  );
  const byId = new Map<IdentifiedRow['id'], { readonly timeMs: number; readonly rows: RankedRow[] }>();
  for (const { one, source, answer } of entries) {
    const there = byId.get(one.id);
    const ranked = { row: one.row, source, sha256: answer.sha256, superseded: answer.superseded };
    if (there) there.rows.push(ranked);
    else if (!answer.superseded) byId.set(one.id, { timeMs: one.timeMs, rows: [ranked] });
  }
  return [...byId.values()];
}

/**
 * Counts the rows that are not used: duplicates of the best in all columns that both have, and conflicts, of which the
 * first are listed with both values. A superseded row is compared only with a best row of its own source.
 */
export function compareRows(
  { compared }: Pick<StreamFacts, 'compared'>,
  times: readonly RankedTime[],
): Pick<StreamShard, 'duplicates' | 'conflicts' | 'conflictSamples'> {
  let duplicates = 0;
  let conflicts = 0;
  const conflictSamples: StreamConflict[] = [];
  for (const { timeMs, rows } of times) {
    const [best, ...others] = rows;
    for (const other of others) {
      const column = compared.find((one) => differ(best!.row[one], other.row[one]));
      if (column === undefined) duplicates += 1;
      else if (!other.superseded || other.source === best!.source) {
        conflicts += 1;
        const value = ({ row, source, sha256 }: RankedRow) => ({ value: Number(row[column]), source, sha256 });
        if (conflictSamples.length < MAX_SAMPLES) {
          conflictSamples.push({ timeMs, column, kept: value(best!), other: value(other) });
        }
      }
    }
  }
  return { duplicates, conflicts, conflictSamples };
}

/** A column that only one of them has is not a difference. */
function differ(a: StreamRow[string] | undefined, b: StreamRow[string] | undefined): boolean {
  return a !== undefined && b !== undefined && a !== b;
}
