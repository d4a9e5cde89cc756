import { Table, writeParquet } from 'parquet-wasm';
import type { TableSchema } from '../domain/table-schema.ts';
import { type ColumnValues, encodeArrowStream } from './arrow-stream.ts';
import { writerProperties } from './writer-properties.ts';

export type { ColumnValues, TextValues } from './arrow-stream.ts';

/**
 * Writes a table as Parquet; what is chosen is in `writerProperties`. The bytes are a function of schema and values
 * alone.
 * @param length rows; each column must have as many values
 * @throws Error naming the column where the values do not fit the schema; wrong options would trap in wasm without words.
 */
export function encodeParquet(
  schema: TableSchema,
  length: number,
  columns: ReadonlyMap<string, ColumnValues>,
): Uint8Array {
  const table = Table.fromIPCStream(encodeArrowStream(schema, length, columns));
  return writeParquet(table, writerProperties(schema));
}
