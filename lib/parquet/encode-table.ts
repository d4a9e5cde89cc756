import { Table, writeParquet } from 'parquet-wasm';
import type { TableSchema } from '../domain/table-schema.ts';
import { encodeArrowStream } from './arrow-stream.ts';
import type { ColumnValues } from './table-values.ts';
import { tableProperties } from './writer-properties.ts';

/**
 * Encodes a table as Parquet. The bytes are a function of schema and values alone.
 * @param length the number of rows; each column must have as many values
 * @throws Error naming the column if its values do not fit the schema, because wrong options would trap in wasm without a
 * message
 */
export function encodeTable(
  schema: TableSchema,
  length: number,
  columns: ReadonlyMap<string, ColumnValues>,
): Uint8Array {
  const table = Table.fromIPCStream(encodeArrowStream(schema, length, columns));
  return writeParquet(table, tableProperties(schema));
}
