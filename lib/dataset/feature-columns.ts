import { distance } from 'fastest-levenshtein';
import { BadInput } from '../domain/errors.ts';
import type { Interval } from '../domain/interval.ts';
import type { ColumnSchema } from '../domain/table-schema.ts';
import type { FeatureRow } from '../features/feature-row.ts';
import { FEATURES_SCHEMA } from '../features/schema.ts';
import { TABLE } from '../features/table.ts';
import { warmUps } from '../features/warm-up.ts';
import type { DatasetRequest } from './contract.ts';

/** A feature column of a pack: `rsi_14`, or `rsi_14__1h` if it is joined from a longer interval. */
export interface FeatureColumn extends ColumnSchema {
  /** The column of the table `features`. */
  readonly feature: string;
  readonly interval: Interval;
}

/** Separates the feature's name from the interval of a joined column. */
const JOINT = '__';

const rows: readonly FeatureRow[] = TABLE;

/**
 * Returns the feature columns of a pack in its order: those of the rows' own interval first, unless a list was given.
 */
export function featureColumns({ set, columns, interval, joined }: DatasetRequest): FeatureColumn[] {
  const of = (feature: string, at: Interval): FeatureColumn => {
    const { type } = FEATURES_SCHEMA.columns.find(({ name }) => name === feature)!;
    const name = at === interval ? feature : `${feature}${JOINT}${at}`;
    return { name, type, nullable: true, feature, interval: at };
  };
  if (columns) {
    return columns.map((name) => {
      const [feature, at = interval] = name.split(JOINT) as [string, Interval?];
      return of(feature, at);
    });
  }
  const names = rows.flatMap((row) =>
    row.columns.filter(({ sets }) => sets.some((one) => one === set)).map(({ name }) => name),
  );
  const inSet = new Set(names);
  const ordered = FEATURES_SCHEMA.columns.map(({ name }) => name).filter((name) => inSet.has(name));
  return [interval, ...joined].flatMap((at) => ordered.map((name) => of(name, at)));
}

/** Returns true if the feature never has a value at its interval, because its window is shorter than one candle. */
export function isNeverDefined({ feature, interval }: FeatureColumn): boolean {
  return !Number.isFinite(warmUps(interval).get(feature)!);
}

/** Checks the names of a list. @throws BadInput naming one that is not a feature of these intervals */
export function parseColumns(given: readonly string[], [interval, ...joined]: readonly Interval[]): string[] {
  const names = [...new Set(given.map((name) => name.trim()))].filter((name) => name !== '');
  if (names.length === 0) throw new BadInput('columns must name at least one feature, got none');
  const features = rows.flatMap((row) => row.columns.map(({ name }) => name));
  const allowed = features.flatMap((name) => [name, ...joined.map((at) => `${name}${JOINT}${at}`)]);
  const known = new Set(allowed);
  for (const name of names) {
    if (known.has(name)) continue;
    const nearest = [...allowed].sort((a, b) => distance(a, name) - distance(b, name)).slice(0, 3);
    const of = joined.length > 0 ? ` of ${[interval, ...joined].join(', ')}` : '';
    throw new BadInput(`columns must be names of features${of}, got '${name}', nearest are ${nearest.join(' ')}`);
  }
  return names;
}
