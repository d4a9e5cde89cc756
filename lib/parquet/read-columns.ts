import { readTable } from './read-table.ts';

/**
 * Reads number columns of a Parquet file as doubles: null is NaN, and times are epoch milliseconds.
 * @throws Error if the bytes are not Parquet, or a column is missing or is text
 */
export async function readColumns<Name extends string>(
  parquet: Uint8Array,
  names: readonly Name[],
): Promise<Record<Name, Float64Array>> {
  const { columns } = await readTable(parquet, names);
  const entries = names.map((name) => {
    const values = columns.get(name);
    if (!(values instanceof Float64Array)) throw new Error(`column ${name} is text, expected numbers`);
    return [name, values] as const;
  });
  return Object.fromEntries(entries) as Record<Name, Float64Array>;
}
