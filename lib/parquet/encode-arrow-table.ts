import { Table, writeParquet } from 'parquet-wasm';
import type { TableSchema } from '../domain/table-schema.ts';
import { encodeArrowStream } from './arrow-stream.ts';
import type { ColumnValues } from './table-values.ts';
import { tableProperties } from './writer-properties.ts';

/**
 * Encodes a table as Parquet by Arrow's writer, for files that are no shards: it has zstd, which makes a pack a seventh
 * smaller. It is the oracle of `encodeTable` too.
 * @param length the number of rows; each column must have as many values
 * @throws Error naming the column if its values do not fit the schema, because wrong options would trap in wasm without
 * a message
 */
export function encodeArrowTable(
  schema: TableSchema,
  length: number,
  columns: ReadonlyMap<string, ColumnValues>,
): Uint8Array {
  const table = Table.fromIPCStream(encodeArrowStream(schema, length, columns));
  return writeParquet(table, tableProperties(schema));
}
