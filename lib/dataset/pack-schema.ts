import type { ColumnSchema, TableSchema } from '../domain/table-schema.ts';
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

function otherColumns(request: DatasetRequest, folds: readonly string[]) {
  const { label, joined, interval, withUnlabelled: nullable } = request;
  const before: NotedColumn[] = [
    { name: 'symbol', type: 'string', nullable: false, meaning: 'the symbol' },
    { name: 'open_time', type: 'timestamp', nullable: false, meaning: 'open time of the candle' },
    {
      name: 't0',
      type: 'timestamp',
      nullable: false,
      meaning: 'close of the candle: its features are known, the label begins',
    },
    { name: 't1', type: 'timestamp', nullable, meaning: 'instant at which the label is known' },
    {
      name: 'open',
      type: 'float64',
      nullable: false,
      meaning: 'open price of the candle, for backtests; not a feature',
    },
    {
      name: 'close',
      type: 'float64',
      nullable: false,
      meaning: 'close price of the candle, for backtests; not a feature',
    },
    ...joined.map(
      (longer): NotedColumn => ({
        name: `known_at__${longer}`,
        type: 'timestamp',
        nullable: true,
        meaning: `close of the ${longer} candle whose features are joined to this ${interval} row`,
      }),
    ),
  ];
  const classes = classesOf(label);
  const after: NotedColumn[] = [
    { name: 'label', type: classes ? 'int8' : 'float64', nullable, meaning: labelRow(label).meaning },
    ...(classes
      ? [
          {
            name: 'label_class',
            type: 'int8',
            nullable,
            meaning: 'the label numbered from 0, see label.classes',
          } as const,
        ]
      : []),
    { name: 'weight', type: 'float64', nullable, meaning: 'sample weight' },
    { name: 'block', type: 'int8', nullable: true, meaning: 'block of time; null if the row is in no fold' },
    ...folds.map((name): NotedColumn => ({ name, type: 'int8', nullable: false, meaning: roleMeaning(name) })),
  ];
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
