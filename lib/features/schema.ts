import type { TableSchema } from '../domain/table-schema.ts';
import type { FeatureRow } from './feature-row.ts';
import { TABLE } from './table.ts';

const rows: readonly FeatureRow[] = TABLE;

/** The table `features`: when, and every stored column of the feature table. */
export const FEATURES_SCHEMA: TableSchema = {
  name: 'features',
  columns: [
    { name: 'open_time', type: 'timestamp', nullable: false },
    { name: 'known_at', type: 'timestamp', nullable: false },
    ...rows.flatMap((row) => row.columns).map(({ name, type }) => ({ name, type, nullable: true })),
  ],
};
