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
 * other parameters, which pack doubles worse: 32,768 of them are just that.
 */
const PAGE_ROWS = 32_768;

/**
 * How tables are written: no dictionary for numbers, times and counts delta-packed, all else plain, since not every
 * engine that shall read the lake knows floats split by bytes (Trino: since 2024). What each choice saves is measured by
 * `npm run bench -- parquet`, results in docs/performance.md.
 */
export function writerProperties(schema: TableSchema): WriterProperties {
  let builder = new WriterPropertiesBuilder()
    .setWriterVersion(WriterVersion.V1)
    .setCompression(Compression.ZSTD)
    .setDictionaryEnabled(false)
    .setStatisticsEnabled(EnabledStatistics.Chunk)
    .setWriteBatchSize(PAGE_ROWS)
    .setMaxRowGroupSize(ROW_GROUP_ROWS);
  for (const { name, type, nullable } of schema.columns) {
    const encoding = ENCODINGS[type];
    if (encoding === undefined) builder = builder.setColumnDictionaryEnabled(name, true);
    else builder = builder.setColumnEncoding(name, encoding);
    const derived = type === 'float32' || (type === 'float64' && nullable);
    if (derived) builder = builder.setColumnCompression(name, DERIVED);
  }
  return builder.build();
}

/**
 * Numbers that may be undefined are derived ones, as the short floats are. They are mostly noise: zstd takes many times
 * as long over them and makes them little smaller.
 */
const DERIVED = Compression.SNAPPY;

/** Text is the one type that a dictionary serves. */
const ENCODINGS: Record<ColumnType, Encoding | undefined> = {
  timestamp: Encoding.DELTA_BINARY_PACKED,
  float64: Encoding.PLAIN,
  float32: Encoding.PLAIN,
  int32: Encoding.DELTA_BINARY_PACKED,
  int8: Encoding.PLAIN,
  string: undefined,
};
