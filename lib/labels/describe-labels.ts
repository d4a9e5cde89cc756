import type { Interval } from '../domain/interval.ts';
import { LABEL_TABLE, type LabelRow } from './label-table.ts';

/** A row of the label table with its horizon at one interval, as `lake labels --json` prints it. */
export interface LabelDescription extends Omit<LabelRow, 'horizon'> {
  /** Number of later candles that the column can depend on. */
  readonly horizonCandles: number;
}

/** Returns all columns of the table `labels`, in their order. */
export function describeLabels(interval: Interval): LabelDescription[] {
  const rows: readonly LabelRow[] = LABEL_TABLE;
  return rows.map(({ horizon, ...row }) => ({ ...row, horizonCandles: horizon(interval) }));
}
