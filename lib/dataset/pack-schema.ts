import type { ColumnSchema, TableSchema } from '../domain/table-schema.ts';
import { isClass } from './baselines.ts';
import type { DatasetLabel } from './contract.ts';

/** The rows of a pack: keys, features, label, weight, then one column a fold with the row's role in it. */
export function packSchema(
  features: readonly ColumnSchema[],
  label: DatasetLabel,
  folds: readonly string[],
): TableSchema {
  const column = (name: string, type: ColumnSchema['type']): ColumnSchema => ({ name, type, nullable: false });
  return {
    name: 'dataset',
    columns: [
      column('symbol', 'string'),
      column('open_time', 'timestamp'),
      column('t0', 'timestamp'),
      column('t1', 'timestamp'),
      ...features,
      column('label', isClass(label) ? 'int8' : 'float64'),
      column('weight', 'float64'),
      column('block', 'int8'),
      ...folds.map((name) => column(name, 'int8')),
    ],
  };
}

/** Scaling statistics: one row for each fold and feature. */
export const SCALING_SCHEMA: TableSchema = {
  name: 'scaling',
  columns: [
    { name: 'fold', type: 'string', nullable: false },
    { name: 'feature', type: 'string', nullable: false },
    { name: 'count', type: 'int32', nullable: false },
    { name: 'mean', type: 'float64', nullable: true },
    { name: 'std', type: 'float64', nullable: true },
    { name: 'median', type: 'float64', nullable: true },
    { name: 'iqr', type: 'float64', nullable: true },
  ],
};
