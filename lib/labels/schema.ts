import type { TableSchema } from '../domain/table-schema.ts';
import { LABEL_TABLE, type LabelRow } from './label-table.ts';

const rows: readonly LabelRow[] = LABEL_TABLE;

/** The table `labels`. Rows appear once all their labels are decided; `known_at` is that instant. */
export const LABELS_SCHEMA: TableSchema = {
  name: 'labels',
  columns: rows.map(({ name, type, nullable, meaning, values = [] }) => {
    const words = values.map(({ value, meaning }) => `${value}: ${meaning}`).join('; ');
    return { name, type, nullable, comment: words ? `${meaning} ${words}.` : meaning };
  }),
};

export const LABEL_COLUMNS = LABEL_TABLE.map((row) => row.name);
export type LabelColumn = (typeof LABEL_COLUMNS)[number];
