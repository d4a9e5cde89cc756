import type { CandleColumn } from '../domain/candles.ts';
import type { KernelFactory } from './kernel.ts';

/** Kinds of model that a column is meant for. */
export type FeatureSet = 'xgboost' | 'mlp' | 'lstm';

/** How a column is stored. Kernels compute in float64 whatever it is. */
export type FeatureType = 'float32' | 'float64' | 'int8';

/** One row of the feature table: a kernel, what it reads and the columns it writes. */
export interface FeatureRow<
  Column extends string = string,
  Hidden extends string = string,
  Input extends string = string,
> {
  /** Columns of the lake, in the order of the kernel's outputs. */
  readonly columns: readonly FeatureColumn<Column>[];
  /** Outputs after these, there for later rows to read and not written to the lake. */
  readonly hidden: readonly Hidden[];
  readonly kernel: KernelFactory<never>;
  readonly parameters: Parameters;
  /** Candle columns, or columns of earlier rows. */
  readonly inputs: readonly Input[];
}

export interface FeatureColumn<Name extends string = string> {
  readonly name: Name;
  readonly type: FeatureType;
  readonly sets: readonly FeatureSet[];
  /** One sentence, with the unit or the range. */
  readonly meaning: string;
  /** The definition, in the words of `formula-words.ts`; a test computes every column by it. */
  readonly formula: string;
  /** Where the definition comes from. */
  readonly source: string;
}

type Parameters = Readonly<Record<string, number>>;

/** What few rows need to say. */
export interface RowOptions<Hidden extends string> {
  readonly type?: FeatureType;
  readonly hidden?: readonly Hidden[];
}

/** A row with columns of the lake: their names, each with its meaning and its formula. */
export function feature<
  const Column extends string,
  const Input extends string,
  P extends Parameters,
  const Hidden extends string = never,
>(
  described: Readonly<Record<Column, readonly [meaning: string, formula: string]>>,
  kernel: KernelFactory<P>,
  parameters: P,
  inputs: readonly Input[],
  source: string,
  sets: readonly FeatureSet[],
  { type = 'float32', hidden = [] }: RowOptions<Hidden> = {},
): FeatureRow<Column, Hidden, Input> {
  const names = Object.keys(described) as Column[];
  const columns = names.map((name) => {
    const [meaning, formula] = described[name];
    return { name, type, sets, meaning, formula, source };
  });
  return { columns, hidden, kernel, parameters, inputs };
}

/** A row whose outputs are only there for later rows to read. */
export function hidden<const Hidden extends string, const Input extends string, P extends Parameters>(
  hidden: readonly Hidden[],
  kernel: KernelFactory<P>,
  parameters: P,
  inputs: readonly Input[],
): FeatureRow<never, Hidden, Input> {
  return { columns: [], hidden, kernel, parameters, inputs };
}

/** Names of all outputs of a row, in the kernel's order. */
export function outputsOf(row: FeatureRow): string[] {
  return [...row.columns.map((column) => column.name), ...row.hidden];
}

/** Names of the columns of the lake that a row gives. */
export type ColumnOf<Row> = Row extends FeatureRow<infer Column> ? Column : never;

/**
 * Where every input is a candle column or an output of an earlier row, and every output is new: `unknown`; else a type
 * that names the offender, so that the table does not compile.
 */
export type Ordered<Rows extends readonly FeatureRow[], Known extends string = CandleColumn> = Rows extends readonly [
  FeatureRow<infer Column, infer Hidden, infer Input>,
  ...infer Rest extends readonly FeatureRow[],
]
  ? [Exclude<Input, Known>] extends [never]
    ? [Extract<Column | Hidden, Known>] extends [never]
      ? Ordered<Rest, Known | Column | Hidden>
      : { readonly namedTwice: Extract<Column | Hidden, Known> }
    : { readonly notKnownYet: Exclude<Input, Known> }
  : unknown;

/** Rows of one section, to be spread into the table, which checks them. */
export function featureRows<const Rows extends readonly FeatureRow[]>(...rows: Rows): Rows {
  return rows;
}

/** The rows as they stand, checked by the compiler to read only what comes before them. */
export function featureTable<const Rows extends readonly FeatureRow[]>(...rows: Rows & Ordered<Rows>): Rows {
  return rows;
}
