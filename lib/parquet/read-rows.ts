import { readTable } from './read-table.ts';

/** One row by column name. Times are epoch milliseconds. */
export type TableRow = Readonly<Record<string, number | string | null>>;

/**
 * Reads a Parquet file row by row, which suits small tables.
 * @param names the columns to read; all if absent
 * @throws Error if the bytes are not Parquet, or a column is missing
 */
export async function readRows(parquet: Uint8Array, names?: readonly string[]): Promise<TableRow[]> {
  const { columns, length } = await readTable(parquet, names);
  return Array.from({ length }, (_, row) => {
    const cells = [...columns].map(([name, values]): [string, number | string | null] => {
      if (!(values instanceof Float64Array)) return [name, values.words[values.codes[row]!]!];
      const value = values[row]!;
      return [name, Number.isNaN(value) ? null : value];
    });
    return Object.fromEntries(cells);
  });
}
