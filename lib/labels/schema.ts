import type { ColumnSchema, TableSchema } from '../domain/table-schema.ts';

const COLUMNS = [
  { name: 'open_time', type: 'timestamp', nullable: false },
  { name: 'known_at', type: 'timestamp', nullable: false },
  { name: 'signal', type: 'int8', nullable: true },
  { name: 'signal_target', type: 'float64', nullable: true },
  { name: 'signal_bars', type: 'int32', nullable: true },
  { name: 'signal_return', type: 'float64', nullable: true },
  { name: 'signal_t1', type: 'timestamp', nullable: true },
  { name: 'signal_ambiguous', type: 'int8', nullable: true },
  { name: 'tb_2_20', type: 'int8', nullable: true },
  { name: 'tb_2_20_return', type: 'float64', nullable: true },
  { name: 'tb_2_20_t1', type: 'timestamp', nullable: true },
  { name: 'fwd_return_1', type: 'float64', nullable: true },
  { name: 'fwd_return_5', type: 'float64', nullable: true },
  { name: 'fwd_return_15', type: 'float64', nullable: true },
  { name: 'fwd_return_60', type: 'float64', nullable: true },
  { name: 'trend_up_15', type: 'int8', nullable: true },
  { name: 'uniqueness', type: 'float64', nullable: true },
] as const satisfies readonly ColumnSchema[];

/** The table `labels`. Rows appear once all their labels are decided; `known_at` is that instant. */
export const LABELS_SCHEMA: TableSchema = { name: 'labels', columns: COLUMNS };

export const LABEL_COLUMNS = COLUMNS.map((column) => column.name);
export type LabelColumn = (typeof LABEL_COLUMNS)[number];
