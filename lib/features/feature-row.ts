import type { CandleColumn } from '../domain/candles.ts';
import type { KernelFactory } from './kernel.ts';

/** Kinds of model that a column is meant for. */
export type FeatureSet = 'xgboost' | 'mlp' | 'lstm';

/** The stored type of a column. Kernels compute in float64 in any case. */
export type FeatureType = 'float32' | 'float64' | 'int8';

/** One row of the feature table: a kernel, the columns that it reads and the columns that it writes. */
export interface FeatureRow<
  Column extends string = string,
  Hidden extends string = string,
  Input extends string = string,
> {
  /** Columns of the lake, in the order of the kernel's outputs. */
  readonly columns: readonly FeatureColumn<Column>[];
  /** The outputs after these. Later rows may read them. The lake does not store them. */
  readonly hidden: readonly Hidden[];
  readonly kernel: KernelFactory<never>;
  readonly parameters: Parameters;
  /** Candle columns, or outputs of earlier rows. */
  readonly inputs: readonly Input[];
}

interface FeatureColumn<Name extends string> {
  readonly name: Name;
  readonly type: FeatureType;
  readonly sets: readonly FeatureSet[];
  /** One sentence, with the unit or the range. */
  readonly meaning: string;
  /** The definition, in the words of `formula-words.ts`. A test computes every column by its formula. */
  readonly formula: string;
  /** The origin of the definition. */
  readonly source: string;
}

type Parameters = Readonly<Record<string, number>>;

/** The computed part of a row. Parameters may be left out if the kernel has none. */
type Computed<P extends Parameters, Input extends string> = {
  readonly kernel: KernelFactory<P>;
  readonly inputs: readonly Input[];
} & (Record<never, number> extends P ? { readonly parameters?: P } : { readonly parameters: P });

/** The stored part of a row with columns of the lake. */
interface Stored<Hidden extends string> {
  /** The type of all its columns; float32 if left out. */
  readonly type?: FeatureType;
  /** Left out if the columns depend on the price level or on the size of the market. */
  readonly sets?: readonly FeatureSet[];
  /** "its definition" if left out. */
  readonly source?: string;
  /** Further outputs of the kernel. */
  readonly hidden?: readonly Hidden[];
}

/** Makes a row with columns of the lake. They are given by name, each with its meaning and its formula. */
export function feature<
  const Column extends string,
  const Input extends string,
  P extends Parameters,
  const Hidden extends string = never,
>(described: Described<Column>, row: Computed<P, Input> & Stored<Hidden>): FeatureRow<Column, Hidden, Input> {
  const { type = 'float32', sets = [], source = 'its definition', hidden = [] } = row;
  const names = Object.keys(described) as Column[];
  const columns = names.map((name) => {
    const [meaning, formula] = described[name];
    return { name, type, sets, meaning, formula, source };
  });
  return rowOf(columns, hidden, row);
}

/** Describes one column with a computed name, for `feature`. */
export function column<const Name extends string>(name: Name, meaning: string, formula: string) {
  return { [name]: [meaning, formula] as const } as Described<Name>;
}

type Described<Name extends string> = Readonly<Record<Name, readonly [meaning: string, formula: string]>>;

/** Makes a row whose outputs are not stored. Later rows read them. */
export function hidden<const Hidden extends string, const Input extends string, P extends Parameters>(
  hidden: readonly Hidden[],
  row: Computed<P, Input>,
): FeatureRow<never, Hidden, Input> {
  return rowOf([], hidden, row);
}

function rowOf<Column extends string, Hidden extends string, Input extends string, P extends Parameters>(
  columns: readonly FeatureColumn<Column>[],
  hidden: readonly Hidden[],
  { kernel, parameters, inputs }: Computed<P, Input>,
): FeatureRow<Column, Hidden, Input> {
  return { columns, hidden, kernel, parameters: parameters ?? {}, inputs };
}

/** Returns the names of all outputs of a row, in the kernel's order. */
export function outputsOf(row: FeatureRow): string[] {
  return [...row.columns.map((column) => column.name), ...row.hidden];
}

/** Names of the columns of the lake that a row defines. */
export type ColumnOf<Row> = Row extends FeatureRow<infer Column> ? Column : never;

/**
 * Checks the order of rows. It is `unknown` if every input is a candle column or an output of an earlier row, and every
 * output is new. Otherwise it is a type that names the wrong column, so that the table does not compile.
 */
type Ordered<Rows extends readonly FeatureRow[], Known extends string = CandleColumn> = Rows extends readonly [
  FeatureRow<infer Column, infer Hidden, infer Input>,
  ...infer Rest extends readonly FeatureRow[],
]
  ? [Exclude<Input, Known>] extends [never]
    ? [Extract<Column | Hidden, Known>] extends [never]
      ? Ordered<Rest, Known | Column | Hidden>
      : { readonly namedTwice: Extract<Column | Hidden, Known> }
    : { readonly notKnownYet: Exclude<Input, Known> }
  : unknown;

/** Returns the rows of one section. `featureTable` checks their order. */
export function featureSection<const Rows extends readonly FeatureRow[]>(...rows: Rows): Rows {
  return rows;
}

/** Returns the rows. They do not compile if one reads a column that is not defined before it. */
export function featureTable<const Rows extends readonly FeatureRow[]>(...rows: Rows & Ordered<Rows>): Rows {
  return rows;
}
