import type { ColumnSchema, TableSchema } from '../domain/table-schema.ts';

/** The values of one column: numbers (NaN and infinities are null), or text. */
export type ColumnValues = Float64Array | TextValues;

/** Text that repeats. The word of a row is `words[codes[row]]`. */
export interface TextValues {
  /** The distinct texts; `null` is null. */
  readonly words: readonly (string | null)[];
  readonly codes: Uint8Array | Uint32Array;
}

/** A table in memory, as the reader returns it. */
export interface TableValues {
  /** The columns with their types, in the order of the file. */
  readonly columnSchemas: readonly ColumnSchema[];
  /** The number of rows. */
  readonly length: number;
  /** The values by column name. Times are epoch milliseconds, and null among numbers is NaN. */
  readonly columns: ReadonlyMap<string, ColumnValues>;
}

/** Turns rows into the columns of a schema. An absent value is null. */
export function columnsOf(
  { columns }: TableSchema,
  rows: readonly Readonly<Record<string, string | number | undefined>>[],
): Map<string, ColumnValues> {
  return new Map(
    columns.map(({ name, type }) => [
      name,
      type === 'string'
        ? textColumn(rows.map((row) => row[name] as string | undefined))
        : Float64Array.from(rows, (row) => (row[name] as number | undefined) ?? Number.NaN),
    ]),
  );
}

function textColumn(values: readonly (string | undefined)[]): TextValues {
  const words = [...new Set(values)];
  const codeOf = new Map(words.map((word, code) => [word, code]));
  return { words: words.map((word) => word ?? null), codes: Uint32Array.from(values, (value) => codeOf.get(value)!) };
}
