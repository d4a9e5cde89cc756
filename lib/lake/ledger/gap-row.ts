import type { GapClass } from '../../domain/gap-class.ts';
import { GAPS_SCHEMA } from '../../domain/table-schema.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import { type ColumnValues, columnsOf } from '../../parquet/table-values.ts';

/** One row of the ledger: a range of the grid. Both ends are on the grid. */
export interface GapRow extends TimeRange {
  readonly class: GapClass;
  readonly intervals: number;
  /** The number of the intervals that have a candle: healed, or in conflict. */
  readonly candles: number;
  /** The first instant at which the row could have been known. */
  readonly knownAtMs: number;
  /** JSON text. Its fields depend on the class; docs/gaps.md lists them. */
  readonly evidence: string;
}

/** Returns the columns of the table `gaps` by name. */
export function gapColumns(rows: readonly GapRow[]): Map<string, ColumnValues> {
  return columnsOf(
    GAPS_SCHEMA,
    rows.map(({ fromMs, toMs, knownAtMs, ...same }) => ({
      ...same,
      from_time: fromMs,
      to_time: toMs,
      known_at: knownAtMs,
    })),
  );
}
