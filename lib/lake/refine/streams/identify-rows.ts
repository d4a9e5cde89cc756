import type { StreamFacts } from '../../../domain/stream-table.ts';
import type { StreamRow } from '../../../exchange/stream-decoder.ts';

/** The facts of a stream by which its rows are identified. */
type Identity = Pick<StreamFacts, 'key' | 'keyRepeats'>;

/** A row of one answer, with its identity. */
export interface IdentifiedRow {
  readonly row: StreamRow;
  readonly timeMs: number;
  /** Equal for rows of different answers that are the same row of the table. */
  readonly id: number | string;
  /** The number of rows with the same key before it in its answer, if the key of the stream can repeat; otherwise 0. */
  readonly nth: number;
}

/** Identifies the rows of one answer, in its order: by their key, and by their number if the key can repeat. */
export function identifyRows(facts: Identity, rows: readonly StreamRow[]): IdentifiedRow[] {
  const { key, keyRepeats } = facts;
  const seen = new Map<number | string, number>();
  return rows.map((row) => {
    const timeMs = timeOf(facts, row);
    const plain = key.length === 1 ? timeMs : JSON.stringify(key.map((column) => row[column]));
    if (!keyRepeats) return { row, timeMs, id: plain, nth: 0 };
    const nth = seen.get(plain) ?? 0;
    seen.set(plain, nth + 1);
    return { row, timeMs, id: `${plain} ${nth}`, nth };
  });
}

/** Returns the time of a row, which is the first column of its key. */
export function timeOf({ key }: Pick<Identity, 'key'>, row: StreamRow): number {
  return Number(row[key[0]]);
}

/** Compares the keys of two rows, for sorting: by time, by the other columns of the key, and by number. */
export function byIdentity({ key }: Pick<Identity, 'key'>): (a: IdentifiedRow, b: IdentifiedRow) => number {
  const others = key.slice(1);
  return (a, b) => {
    if (a.timeMs !== b.timeMs) return a.timeMs - b.timeMs;
    const column = others.find((one) => a.row[one] !== b.row[one]);
    return column === undefined ? a.nth - b.nth : a.row[column]! < b.row[column]! ? -1 : 1;
  };
}
