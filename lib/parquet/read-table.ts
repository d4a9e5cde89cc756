import { parquetMetadata, parquetRead } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { TableSchema } from '../domain/table-schema.ts';
import type { ColumnValues } from './arrow-stream.ts';

/** A table as it is in memory before it is encoded. */
export interface TableValues {
  readonly length: number;
  readonly columns: ReadonlyMap<string, ColumnValues>;
}

/**
 * Reads a Parquet object of a table back into the values it was encoded from: null as NaN, times as epoch milliseconds.
 * @throws Error where the bytes are no such table.
 */
export async function readTable(schema: TableSchema, parquet: Uint8Array): Promise<TableValues> {
  const { buffer, byteOffset, byteLength } = parquet;
  const slice = (start: number, end = byteLength) => buffer.slice(byteOffset + start, byteOffset + end) as ArrayBuffer;
  const length = Number(parquetMetadata(slice(0)).num_rows);
  const numbers = new Map<string, Float64Array>();
  const texts = new Map<string, { readonly words: string[]; readonly codes: Uint8Array }>();
  for (const { name, type } of schema.columns) {
    if (type === 'string') texts.set(name, { words: [], codes: new Uint8Array(length) });
    else numbers.set(name, new Float64Array(length).fill(Number.NaN));
  }
  await parquetRead({
    file: { byteLength, slice },
    columns: schema.columns.map(({ name }) => name),
    compressors,
    parsers: { timestampFromMilliseconds: Number },
    onChunk({ columnName, columnData, rowStart }) {
      const column = numbers.get(columnName);
      if (column) for (let i = 0; i < columnData.length; i++) column[rowStart + i] = columnData[i] ?? Number.NaN;
      const text = texts.get(columnName);
      if (text)
        for (let i = 0; i < columnData.length; i++) text.codes[rowStart + i] = codeOf(text.words, columnData[i]);
    },
  });
  return { length, columns: new Map<string, ColumnValues>([...numbers, ...texts]) };
}

function codeOf(words: string[], word: string): number {
  const known = words.indexOf(word);
  return known >= 0 ? known : words.push(word) - 1;
}
