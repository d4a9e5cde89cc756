import type { TableSchema } from '../domain/table-schema.ts';
import type { FeatureRow } from './feature-row.ts';
import { TABLE } from './table.ts';

/** The schema of the table `features` for some rows of a feature table: two times, then every stored column. */
export function featuresSchema(rows: readonly FeatureRow[]): TableSchema {
  return {
    name: 'features',
    columns: [
      { name: 'open_time', type: 'timestamp', nullable: false },
      { name: 'known_at', type: 'timestamp', nullable: false },
      ...rows.flatMap((row) => row.columns).map(({ name, type }) => ({ name, type, nullable: true })),
    ],
  };
}

/** The table `features` of a lake. */
export const FEATURES_SCHEMA: TableSchema = featuresSchema(TABLE);
