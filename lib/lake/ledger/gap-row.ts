import { GAP_CLASSES, type GapClass } from '../../domain/gap-class.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import type { ColumnValues } from '../../parquet/table-values.ts';

/** One row of the ledger: a range of the grid, ends on it. */
export interface GapRow extends TimeRange {
  readonly class: GapClass;
  readonly intervals: number;
  /** How many of the intervals are candles all the same, healed or in conflict. */
  readonly candles: number;
  /** First instant at which this could have been known. */
  readonly knownAtMs: number;
  /** JSON; its fields depend on the class, see docs/gaps.md. */
  readonly evidence: string;
}

/** The columns of the table `gaps`, by name. */
export function gapColumns(rows: readonly GapRow[]): Map<string, ColumnValues> {
  const numbers = (value: (row: GapRow) => number) => Float64Array.from(rows, value);
  const evidence = [...new Set(rows.map((row) => row.evidence))];
  const codes = new Map(evidence.map((text, code) => [text, code]));
  return new Map<string, ColumnValues>([
    ['from_time', numbers((row) => row.fromMs)],
    ['to_time', numbers((row) => row.toMs)],
    ['class', { words: GAP_CLASSES, codes: Uint8Array.from(rows, (row) => GAP_CLASSES.indexOf(row.class)) }],
    ['intervals', numbers((row) => row.intervals)],
    ['candles', numbers((row) => row.candles)],
    ['known_at', numbers((row) => row.knownAtMs)],
    ['evidence', { words: evidence, codes: Uint32Array.from(rows, (row) => codes.get(row.evidence)!) }],
  ]);
}
