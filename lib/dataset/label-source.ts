import { LABEL_TABLE, type LabelPack, type LabelRow, type LabelValue } from '../labels/label-table.ts';
import type { LabelColumn } from '../labels/schema.ts';
import type { DatasetLabel } from './contract.ts';

/** Returns the column with the instant at which a label is decided, and the rule for the weights of its rows. */
export function labelSource(label: DatasetLabel): { readonly t1: LabelColumn; readonly weight: LabelPack['weight'] } {
  const { end, weight } = labelRow(label).pack!;
  return { t1: end as LabelColumn, weight };
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
