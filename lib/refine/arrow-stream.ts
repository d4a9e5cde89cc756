import * as arrow from 'apache-arrow';
import type { ColumnSchema, TableSchema } from '../domain/table-schema.ts';

/** Values of one column: numbers (NaN and infinities become null where the column may be null), or text by dictionary. */
export type ColumnValues = Float64Array | TextValues;

/** Text that repeats: an index into `words` for each row. */
export interface TextValues {
  /** `null` is null, where the column may be null. */
  readonly words: readonly (string | null)[];
  readonly codes: Uint8Array | Uint32Array;
}

/**
 * A table as an Arrow IPC stream of one batch, columns typed as the schema says.
 * @param length rows; each column must have as many values
 * @throws Error naming the column where the values do not fit the schema.
 */
export function encodeArrowStream(
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
  return arrow.tableToIPC(new arrow.Table(arrowSchema, batch), 'stream');
}

function toArrow(column: ColumnSchema, values: ColumnValues, length: number): arrow.Data {
  if (!(values instanceof Float64Array)) return textData(column, values, length);
  const common = { length, ...nulls(column, values) };
  // `from` goes value by value; the constructors convert all at once, and every buffer is a new one, as it must be:
  // Arrow's IPC writer melts neighbouring buffers that are views on the same memory into one.
  switch (column.type) {
    case 'float64':
      return arrow.makeData({ type: new arrow.Float64(), data: new Float64Array(values), ...common });
    case 'float32':
      return arrow.makeData({ type: new arrow.Float32(), data: new Float32Array(values), ...common });
    case 'int32':
      return arrow.makeData({ type: new arrow.Int32(), data: new Int32Array(values), ...common });
    case 'int8':
      return arrow.makeData({ type: new arrow.Int8(), data: new Int8Array(values), ...common });
    case 'timestamp':
      return arrow.makeData({ type: new arrow.TimestampMillisecond('UTC'), data: toInt64(values), ...common });
    case 'string':
      throw new Error(`column ${column.name} is text, got numbers`);
  }
}

/** Null wherever the value is not a finite number; no bitmap where all are. */
function nulls(column: ColumnSchema, x: Float64Array): { nullCount: number; nullBitmap?: Uint8Array } {
  const { length } = x;
  let nullBitmap: Uint8Array | undefined;
  let nullCount = 0;
  for (let i = 0; i < length; i += 8) {
    // NaN and the infinities are the numbers whose difference with themselves is not zero. Most blocks have none.
    const whole = i + 8 <= length;
    if (whole && allFinite(x, i)) continue;
    let byte = 0;
    for (let bit = 0; bit < 8 && i + bit < length; bit++) {
      if (x[i + bit]! - x[i + bit]! === 0) byte |= 1 << bit;
      else nullCount++;
    }
    if (whole || nullCount > 0) {
      nullBitmap ??= new Uint8Array((length + 7) >> 3).fill(0xff);
      nullBitmap[i >> 3] = byte;
    }
  }
  if (!nullBitmap) return { nullCount };
  // Bits beyond the last row are 0.
  if (length & 7) nullBitmap[length >> 3]! &= (1 << (length & 7)) - 1;
  if (!column.nullable) throw new Error(`column ${column.name} has ${nullCount} undefined values`);
  return { nullBitmap, nullCount };
}

/** Whether the eight values from `i` on are finite, by sums that depend on one another as little as can be. */
function allFinite(x: Float64Array, i: number): boolean {
  const a = x[i]! - x[i]! + (x[i + 1]! - x[i + 1]!);
  const b = x[i + 2]! - x[i + 2]! + (x[i + 3]! - x[i + 3]!);
  const c = x[i + 4]! - x[i + 4]! + (x[i + 5]! - x[i + 5]!);
  const d = x[i + 6]! - x[i + 6]! + (x[i + 7]! - x[i + 7]!);
  return a + b + (c + d) === 0;
}

const TWO_32 = 2 ** 32;

/** Whole numbers as int64, by their two halves: many times faster than by BigInt or by `%`. */
function toInt64(values: Float64Array): BigInt64Array {
  const halves = new Int32Array(values.length * 2);
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (!(value >= 0)) continue;
    const high = Math.floor(value / TWO_32);
    halves[2 * row] = value - high * TWO_32;
    halves[2 * row + 1] = high;
  }
  return new BigInt64Array(halves.buffer);
}

function textData(column: ColumnSchema, { words, codes }: TextValues, length: number): arrow.Data {
  const encoded = words.map((word) => Buffer.from(word ?? '', 'utf8'));
  const valueOffsets = new Int32Array(length + 1);
  for (let row = 0; row < length; row++) valueOffsets[row + 1] = valueOffsets[row]! + encoded[codes[row]!]!.length;
  const data = new Uint8Array(valueOffsets[length]!);
  // The same word comes many times in a row: `fill` writes it all at once.
  for (let row = 0, end = 0; row < length; row = end) {
    const code = codes[row]!;
    while (end < length && codes[end] === code) end++;
    Buffer.from(data.buffer).fill(encoded[code]!, valueOffsets[row], valueOffsets[end]);
  }
  return arrow.makeData({ type: new arrow.Utf8(), length, ...textNulls(column, { words, codes }), valueOffsets, data });
}

function textNulls(column: ColumnSchema, { words, codes }: TextValues): { nullCount: number; nullBitmap?: Uint8Array } {
  if (!words.includes(null)) return { nullCount: 0 };
  const nullBitmap = new Uint8Array((codes.length + 7) >> 3);
  let nullCount = 0;
  codes.forEach((code, row) => {
    if (words[code] === null) nullCount++;
    else nullBitmap[row >> 3]! |= 1 << (row & 7);
  });
  if (nullCount === 0) return { nullCount };
  if (!column.nullable) throw new Error(`column ${column.name} has ${nullCount} undefined values`);
  return { nullCount, nullBitmap };
}
