import {
  Compression,
  EnabledStatistics,
  Encoding,
  type WriterProperties,
  WriterPropertiesBuilder,
  WriterVersion,
} from 'parquet-wasm';
import type { ColumnType, TableSchema } from '../domain/table-schema.ts';

/** The number of rows per row group of a table of the lake. */
const ROW_GROUP_ROWS = 131_072;

/**
 * The number of rows per page: the writer checks after so many rows whether a page is full. Above 256 KiB zstd uses other
 * parameters, which pack doubles worse, and 32,768 doubles are 256 KiB.
 */
const PAGE_ROWS = 32_768;

/**
 * The compression of derived numbers: short floats, and doubles that may be null. They are mostly noise, so zstd takes many
 * times as long over them and makes them little smaller.
 */
export const DERIVED_COMPRESSION = Compression.SNAPPY;

/** Returns the properties that all files share: zstd, statistics per column chunk, and no dictionary unless a column asks. */
export function fileProperties(rowGroupRows: number): WriterPropertiesBuilder {
  return new WriterPropertiesBuilder()
    .setWriterVersion(WriterVersion.V1)
    .setCompression(Compression.ZSTD)
    .setDictionaryEnabled(false)
    .setStatisticsEnabled(EnabledStatistics.Chunk)
    .setWriteBatchSize(PAGE_ROWS)
    .setMaxRowGroupSize(rowGroupRows);
}

/**
 * Returns the properties of a table of the lake. Numbers have no dictionary. Times and counts are delta-packed. All else is plain, because not every engine that reads the
 * lake knows floats split by bytes (Trino does since 2024). `npm run bench -- parquet` measures each choice, and
 * docs/performance.md has the results.
 */
export function tableProperties(schema: TableSchema): WriterProperties {
  let builder = fileProperties(ROW_GROUP_ROWS);
  for (const { name, type, nullable } of schema.columns) {
    const encoding = ENCODINGS[type];
    if (encoding === undefined) builder = builder.setColumnDictionaryEnabled(name, true);
    else builder = builder.setColumnEncoding(name, encoding);
    const isDerived = type === 'float32' || (type === 'float64' && nullable);
    if (isDerived) builder = builder.setColumnCompression(name, DERIVED_COMPRESSION);
  }
  return builder.build();
}

/** The encoding of each type. Text has a dictionary instead. */
const ENCODINGS: Record<ColumnType, Encoding | undefined> = {
  timestamp: Encoding.DELTA_BINARY_PACKED,
  float64: Encoding.PLAIN,
  float32: Encoding.PLAIN,
  int32: Encoding.DELTA_BINARY_PACKED,
  int8: Encoding.PLAIN,
  string: undefined,
};
