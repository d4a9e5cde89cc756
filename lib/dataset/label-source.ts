import { LABEL_TABLE, type LabelRow, type LabelValue } from '../labels/label-table.ts';
import type { LabelColumn } from '../labels/schema.ts';
import type { DatasetLabel } from './contract.ts';

/** When a label ends and what its rows weigh. */
interface LabelSource {
  /** Column of the labels. */
  readonly t1: LabelColumn;
  /**
   * `uniqueness`: the column of the labels. `over_rows`: average uniqueness over the rows of the pack, symbol by
   * symbol. `equal`: 1 each.
   */
  readonly weight: 'uniqueness' | 'over_rows' | 'equal';
}

/**
 * Returns the source of a label. A label without its own `t1` ends at `known_at` at the latest, so too much may be
 * purged for it and never too little. Labels of a fixed horizon overlap equally, so their rows have equal weights.
 */
export function labelSource(label: DatasetLabel): LabelSource {
  if (label === 'signal') return { t1: 'signal_t1', weight: 'uniqueness' };
  if (label === 'tb_2_20') return { t1: 'tb_2_20_t1', weight: 'over_rows' };
  return { t1: 'known_at', weight: 'equal' };
}

/** Returns the row of the label table. */
export function labelRow(label: DatasetLabel): LabelRow {
  const rows: readonly LabelRow[] = LABEL_TABLE;
  return rows.find(({ name }) => name === label)!;
}

/** Returns the values of a label in the order of their class numbers; undefined if the label is a return. */
export function classesOf(label: DatasetLabel): readonly LabelValue[] | undefined {
  return labelRow(label).values;
}
