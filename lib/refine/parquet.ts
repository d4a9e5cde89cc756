import * as arrow from 'apache-arrow';
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
import type { ColumnSchema, ColumnType, TableSchema } from '../domain/table-schema.ts';

/** Values of one column: numbers (NaN and infinities become null where the column may be null), or text by dictionary. */
export type ColumnValues = Float64Array | TextValues;

/** Text that repeats: an index into `words` for each row. */
export interface TextValues {
  readonly words: readonly string[];
  readonly codes: Uint8Array;
}

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
  const fields: arrow.Field[] = [];
  const children: arrow.Data[] = [];
  for (const column of schema.columns) {
    const values = columns.get(column.name);
    const rows = values instanceof Float64Array ? values.length : values?.codes.length;
    if (rows !== length) throw new Error(`column ${schema.name}.${column.name} has ${rows} values, expected ${length}`);
    const data = toArrow(column, values!, length);
    fields.push(new arrow.Field(column.name, data.type, column.nullable));
    children.push(data);
  }
  const arrowSchema = new arrow.Schema(fields);
  const batch = new arrow.RecordBatch(
    arrowSchema,
    arrow.makeData({ type: new arrow.Struct(fields), length, nullCount: 0, children }),
  );
  const table = WasmTable.fromIPCStream(arrow.tableToIPC(new arrow.Table(arrowSchema, batch), 'stream'));
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

function toArrow(column: ColumnSchema, values: ColumnValues, length: number): arrow.Data {
  if (!(values instanceof Float64Array)) return textData(values, length);
  const { nullBitmap, nullCount } = nulls(column, values);
  const common = nullCount > 0 ? { length, nullCount, nullBitmap } : { length, nullCount: 0 };
  switch (column.type) {
    case 'float64':
      // Copied: Arrow's IPC writer melts neighbouring buffers that are views on the same memory into one.
      return arrow.makeData({ type: new arrow.Float64(), data: values.slice(), ...common });
    case 'float32':
      return arrow.makeData({ type: new arrow.Float32(), data: Float32Array.from(values), ...common });
    case 'int32':
      return arrow.makeData({ type: new arrow.Int32(), data: Int32Array.from(values), ...common });
    case 'int8':
      return arrow.makeData({ type: new arrow.Int8(), data: Int8Array.from(values), ...common });
    case 'timestamp':
      return arrow.makeData({ type: new arrow.TimestampMillisecond('UTC'), data: toInt64(values), ...common });
    case 'string':
      throw new Error(`column ${column.name} is text, got numbers`);
  }
}

/** Null wherever the value is not a finite number. */
function nulls(column: ColumnSchema, values: Float64Array): { nullBitmap: Uint8Array; nullCount: number } {
  const nullBitmap = new Uint8Array((values.length + 7) >> 3);
  let valid = 0;
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    // NaN and the infinities are the numbers whose difference with themselves is not zero.
    if (value - value === 0) {
      nullBitmap[row >> 3]! |= 1 << (row & 7);
      valid++;
    }
  }
  const nullCount = values.length - valid;
  if (nullCount > 0 && !column.nullable) throw new Error(`column ${column.name} has ${nullCount} undefined values`);
  return { nullBitmap, nullCount };
}

/** Whole numbers as int64, by their two halves: eight times faster than by BigInt. Milliseconds until the year 2100. */
function toInt64(values: Float64Array): BigInt64Array {
  const halves = new Int32Array(values.length * 2);
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (!(value >= 0)) continue;
    halves[2 * row] = value % 0x1_0000_0000;
    halves[2 * row + 1] = value / 0x1_0000_0000;
  }
  return new BigInt64Array(halves.buffer);
}

function textData({ words, codes }: TextValues, length: number): arrow.Data {
  const encoded = words.map((word) => Buffer.from(word, 'utf8'));
  const valueOffsets = new Int32Array(length + 1);
  for (let row = 0; row < length; row++) valueOffsets[row + 1] = valueOffsets[row]! + encoded[codes[row]!]!.length;
  const data = new Uint8Array(valueOffsets[length]!);
  for (let row = 0; row < length; row++) data.set(encoded[codes[row]!]!, valueOffsets[row]);
  return arrow.makeData({ type: new arrow.Utf8(), length, nullCount: 0, valueOffsets, data });
}
