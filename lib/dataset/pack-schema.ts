import type { Interval } from '../domain/interval.ts';
import type { ColumnSchema, ColumnType, TableSchema } from '../domain/table-schema.ts';
import type { DatasetRequest } from './contract.ts';
import { HOLD_OUT } from './divide.ts';
import type { FeatureColumn } from './feature-columns.ts';
import { classesOf, labelRow } from './label-source.ts';

/** A column of a pack with its meaning, which the manifest has for all but features. */
type NotedColumn = ColumnSchema & { readonly meaning: string };

/** The rows of a pack: keys, prices, features, label, weight, then one column per fold with the row's role in it. */
export function packSchema(
  request: DatasetRequest,
  features: readonly FeatureColumn[],
  folds: readonly string[],
): TableSchema {
  const { before, after } = otherColumns(request, folds);
  const bare = ({ name, type, nullable }: ColumnSchema): ColumnSchema => ({ name, type, nullable });
  return { name: 'dataset', columns: [...before, ...features, ...after].map(bare) };
}

/** Returns the meanings of the columns that are not features. */
export function columnNotes(request: DatasetRequest, folds: readonly string[]): Record<string, string> {
  const { before, after } = otherColumns(request, folds);
  return Object.fromEntries([...before, ...after].map(({ name, meaning }) => [name, meaning]));
}

function otherColumns({ label, joined, interval, withUnlabelled }: DatasetRequest, folds: readonly string[]) {
  const column = (name: string, type: ColumnType, nullable: boolean, meaning: string): NotedColumn => ({
    name,
    type,
    nullable,
    meaning,
  });
  const longer = (at: Interval) => `close of the ${at} candle whose features are joined to this ${interval} row`;
  const before = [
    column('symbol', 'string', false, 'the symbol'),
    column('open_time', 'timestamp', false, 'open time of the candle'),
    column('t0', 'timestamp', false, 'close of the candle: its features are known, the label begins'),
    column('t1', 'timestamp', withUnlabelled, 'instant at which the label is known'),
    column('open', 'float64', false, 'open price of the candle, for backtests; not a feature'),
    column('close', 'float64', false, 'close price of the candle, for backtests; not a feature'),
    ...joined.map((at) => column(`known_at__${at}`, 'timestamp', true, longer(at))),
  ];
  const isClass = classesOf(label) !== undefined;
  const after = [
    column('label', isClass ? 'int8' : 'float64', withUnlabelled, labelRow(label).meaning),
    isClass ? column('label_class', 'int8', withUnlabelled, 'the label numbered from 0, see label.classes') : [],
    column('weight', 'float64', withUnlabelled, 'sample weight'),
    column('block', 'int8', true, 'block of time; null if the row is in no fold'),
    folds.map((name) => column(name, 'int8', false, roleMeaning(name))),
  ].flat();
  return { before, after };
}

function roleMeaning(name: string): string {
  const roles = '1 train, 2 test, 0 not used, -1 purged or embargoed, 3 no label yet';
  return name === HOLD_OUT ? `role in the final hold-out: ${roles}` : `role in the fold: ${roles}`;
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
