import {
  Compression,
  EnabledStatistics,
  Encoding,
  type WriterProperties,
  WriterPropertiesBuilder,
  WriterVersion,
} from 'parquet-wasm';
import type { ColumnType, TableSchema } from '../domain/table-schema.ts';

const ROW_GROUP_ROWS = 131_072;

/**
 * Rows after which the writer looks whether a page is full, so in effect the rows of a page. Above 256 KiB zstd takes
 * other parameters, which pack doubles worse: 32,768 of them, or 65,536 floats, are just that.
 */
const PAGE_ROWS = { float64: 32_768, float32: 65_536 };

/**
 * How tables are written: zstd, no dictionary for numbers, floats plain, integers delta-packed. Floats split by bytes
 * would be smaller, but engines read that since 2024 only (Trino 368 does not); `npm run bench -- parquet` measures.
 */
export function writerProperties(schema: TableSchema): WriterProperties {
  const narrow = schema.columns.filter((column) => column.type === 'float32').length;
  const pageRows = narrow > schema.columns.length / 2 ? PAGE_ROWS.float32 : PAGE_ROWS.float64;
  let builder = new WriterPropertiesBuilder()
    .setWriterVersion(WriterVersion.V1)
    .setCompression(Compression.ZSTD)
    .setDictionaryEnabled(false)
    .setStatisticsEnabled(EnabledStatistics.Chunk)
    .setWriteBatchSize(pageRows)
    .setMaxRowGroupSize(ROW_GROUP_ROWS);
  for (const column of schema.columns) {
    const encoding = ENCODINGS[column.type];
    if (encoding === undefined) builder = builder.setColumnDictionaryEnabled(column.name, true);
    else builder = builder.setColumnEncoding(column.name, encoding);
  }
  return builder.build();
}

/** Text is the one type that a dictionary serves. */
const ENCODINGS: Record<ColumnType, Encoding | undefined> = {
  timestamp: Encoding.DELTA_BINARY_PACKED,
  float64: Encoding.PLAIN,
  float32: Encoding.PLAIN,
  int32: Encoding.DELTA_BINARY_PACKED,
  int8: Encoding.DELTA_BINARY_PACKED,
  string: undefined,
};
