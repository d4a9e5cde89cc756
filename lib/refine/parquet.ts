import {
  Compression,
  EnabledStatistics,
  Encoding,
  Table as WasmTable,
  type WriterProperties,
  WriterPropertiesBuilder,
  WriterVersion,
  writeParquet,
} from 'parquet-wasm';
import type { ColumnType, TableSchema } from '../domain/table-schema.ts';
import { type ColumnValues, encodeArrowStream } from './arrow-stream.ts';

export type { ColumnValues, TextValues } from './arrow-stream.ts';

const ROW_GROUP_ROWS = 131_072;

/**
 * Writes a table as Parquet: zstd, no dictionary for numbers, floats byte-split, integers delta-packed (measured in
 * docs/performance.md). The bytes are a function of schema and values alone.
 * @param length rows; each column must have as many values
 * @throws Error naming the column where the values do not fit the schema; wrong options would trap in wasm without words.
 */
export function encodeParquet(
  schema: TableSchema,
  length: number,
  columns: ReadonlyMap<string, ColumnValues>,
): Uint8Array {
  const table = WasmTable.fromIPCStream(encodeArrowStream(schema, length, columns));
  return writeParquet(table, writerProperties(schema));
}

function writerProperties(schema: TableSchema): WriterProperties {
  let builder = new WriterPropertiesBuilder()
    .setWriterVersion(WriterVersion.V1)
    .setCompression(Compression.ZSTD)
    .setDictionaryEnabled(false)
    .setStatisticsEnabled(EnabledStatistics.Chunk)
    .setMaxRowGroupSize(ROW_GROUP_ROWS);
  for (const column of schema.columns) {
    const encoding = column.plainEncoding ? Encoding.PLAIN : ENCODINGS[column.type];
    if (encoding === undefined) builder = builder.setColumnDictionaryEnabled(column.name, true);
    else builder = builder.setColumnEncoding(column.name, encoding);
  }
  return builder.build();
}

/** Text is the one type that a dictionary serves. */
const ENCODINGS: Record<ColumnType, Encoding | undefined> = {
  timestamp: Encoding.DELTA_BINARY_PACKED,
  float64: Encoding.BYTE_STREAM_SPLIT,
  float32: Encoding.BYTE_STREAM_SPLIT,
  int32: Encoding.DELTA_BINARY_PACKED,
  int8: Encoding.DELTA_BINARY_PACKED,
  string: undefined,
};
