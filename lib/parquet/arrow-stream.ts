import * as arrow from 'apache-arrow';
import type { ColumnSchema, TableSchema } from '../domain/table-schema.ts';
import type { ColumnValues, TextValues } from './table-values.ts';

/**
 * Encodes a table as an Arrow IPC stream of one batch, with the types of the schema. The next call overwrites the memory of
 * the returned bytes, because allocating the 25 MB of a month costs more than filling them.
 * @param length the number of rows; each column must have as many values
 * @throws Error naming the column if its values do not fit the schema
 */
export function encodeArrowStream(
  schema: TableSchema,
  length: number,
  columns: ReadonlyMap<string, ColumnValues>,
): Uint8Array {
  for (const { name } of schema.columns) {
    const values = columns.get(name);
    const rows = values instanceof Float64Array ? values.length : values?.codes.length;
    if (rows !== length) throw new Error(`column ${schema.name}.${name} has ${rows} values, expected ${length}`);
  }
  const begin = HEAD_BYTES_PER_COLUMN * (schema.columns.length + 1);
  const body = new StreamBody(begin, begin + mostBytes(schema, length, columns) + END_OF_STREAM.length);
  const fields: arrow.Field[] = [];
  const children: arrow.Data[] = [];
  for (const column of schema.columns) {
    const data = toArrow(column, columns.get(column.name)!, length, body);
    fields.push(new arrow.Field(column.name, data.type, column.nullable));
    children.push(data);
  }
  const arrowSchema = new arrow.Schema(fields);
  const struct = arrow.makeData({ type: new arrow.Struct(fields), length, nullCount: 0, children });
  const head = new HeadWriter(body.end - begin).headOf(new arrow.RecordBatch(arrowSchema, struct));
  body.bytes.set(head, begin - head.length);
  body.bytes.set(END_OF_STREAM, body.end);
  return body.bytes.subarray(begin - head.length, body.end + END_OF_STREAM.length);
}

/** The room before the body, for names, types and places of buffers. Arrow uses about 200 bytes of it per column. */
const HEAD_BYTES_PER_COLUMN = 2_048;

/** The end of an Arrow stream: four bytes of ones, then a length of 0. */
const END_OF_STREAM = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0);

let memory = new ArrayBuffer(0);

/** The body of a batch. Its buffers are taken in the order of Arrow, each at a multiple of 8 bytes. */
class StreamBody {
  readonly bytes: Uint8Array;
  end: number;

  constructor(begin: number, mostBytes: number) {
    if (memory.byteLength < mostBytes) memory = new ArrayBuffer(mostBytes);
    this.bytes = new Uint8Array(memory);
    this.end = begin;
  }

  /** Returns the place of the next buffer. Its padding is cleared; the rest keeps the bytes of an earlier call. */
  take(byteLength: number): number {
    const begin = this.end;
    this.end = begin + padded(byteLength);
    this.bytes.fill(0, begin + byteLength, this.end);
    return begin;
  }
}

function padded(byteLength: number): number {
  return Math.ceil(byteLength / 8) * 8;
}

/** Writes everything except the body, which is in its place already. */
class HeadWriter extends arrow.RecordBatchStreamWriter {
  private readonly bodyBytes: number;

  constructor(bodyBytes: number) {
    super();
    this.bodyBytes = bodyBytes;
  }

  headOf(batch: arrow.RecordBatch): Uint8Array {
    const bytes = this.writeAll([batch]).finish().toUint8Array(true);
    return bytes.subarray(0, bytes.length - END_OF_STREAM.length);
  }

  protected override _writeBodyBuffers(buffers: ArrayBufferView[]): this {
    const bytes = buffers.reduce((sum, { byteLength }) => sum + padded(byteLength), 0);
    if (bytes !== this.bodyBytes) throw new Error(`body of a batch has ${this.bodyBytes} bytes, expected ${bytes}`);
    return this;
  }
}

const WIDTHS = { timestamp: 8, float64: 8, float32: 4, int32: 4, int8: 1, string: 4 } as const;

/** Returns an upper bound for the size of the body. */
function mostBytes({ columns }: TableSchema, length: number, values: ReadonlyMap<string, ColumnValues>): number {
  let bytes = 0;
  for (const { name, type } of columns) {
    bytes += padded(length / 8) + padded(WIDTHS[type] * (length + 1));
    const text = values.get(name)!;
    if (text instanceof Float64Array) continue;
    const lengths = text.words.map((word) => Buffer.byteLength(word ?? ''));
    let textBytes = 0;
    for (const code of text.codes) textBytes += lengths[code]!;
    bytes += padded(textBytes);
  }
  return bytes;
}

/** The number types that `set` of a typed array converts to, all values at once and several times faster than a loop. */
const NUMBERS = {
  float64: [arrow.Float64, Float64Array],
  float32: [arrow.Float32, Float32Array],
  int32: [arrow.Int32, Int32Array],
  int8: [arrow.Int8, Int8Array],
} as const;

function toArrow(column: ColumnSchema, values: ColumnValues, length: number, body: StreamBody): arrow.Data {
  if (!(values instanceof Float64Array)) return textData(column, values, length, body);
  if (column.type === 'string') throw new Error(`column ${column.name} is text, got numbers`);
  const common = { length, ...nulls(column, values, body) };
  const begin = body.take(WIDTHS[column.type] * length);
  if (column.type === 'timestamp') {
    writeInt64(values, new Int32Array(memory, begin, 2 * length));
    const data = new BigInt64Array(memory, begin, length);
    return arrow.makeData({ type: new arrow.TimestampMillisecond('UTC'), data, ...common });
  }
  const [Type, Values] = NUMBERS[column.type];
  const data = new Values(memory, begin, length);
  data.set(values);
  // The table pairs each type with its array; the compiler cannot follow that.
  return arrow.makeData({ type: new Type(), data, ...common } as never);
}

/** Returns the nulls: every value that is not a finite number. There is no bitmap if all values are finite. */
function nulls(
  column: ColumnSchema,
  x: Float64Array,
  body: StreamBody,
): { nullCount: number; nullBitmap?: Uint8Array } {
  if (allFinite(x)) return { nullCount: 0 };
  const { length } = x;
  const byteLength = padded(length / 8);
  const nullBitmap = new Uint8Array(memory, body.take(byteLength), byteLength);
  // The bits after the last row must be 0.
  nullBitmap.fill(0);
  let nullCount = 0;
  for (let i = 0; i < length; i += 8) {
    let byte = 0;
    for (let bit = 0; bit < 8 && i + bit < length; bit++) {
      if (x[i + bit]! - x[i + bit]! === 0) byte |= 1 << bit;
      else nullCount++;
    }
    nullBitmap[i >> 3] = byte;
  }
  if (!column.nullable) throw new Error(`column ${column.name} has ${nullCount} undefined values`);
  return { nullBitmap, nullCount };
}

/**
 * Returns true if all values are finite. NaN and the infinities are the numbers whose difference from themselves is not
 * zero. There are four sums, so that no addition waits for the one before.
 */
function allFinite(x: Float64Array): boolean {
  const { length } = x;
  let [a, b, c, d] = [0, 0, 0, 0];
  let i = 0;
  for (; i + 4 <= length; i += 4) {
    a += x[i]! - x[i]!;
    b += x[i + 1]! - x[i + 1]!;
    c += x[i + 2]! - x[i + 2]!;
    d += x[i + 3]! - x[i + 3]!;
  }
  for (; i < length; i++) a += x[i]! - x[i]!;
  return a + b + (c + d) === 0;
}

const TWO_32 = 2 ** 32;

/** Writes times as int64 by their two halves, which is many times faster than BigInt or `%`. A null is written as 0. */
function writeInt64(values: Float64Array, halves: Int32Array): void {
  for (let row = 0; row < values.length; row++) {
    const value = values[row]! >= 0 && values[row]! < Number.POSITIVE_INFINITY ? values[row]! : 0;
    const high = Math.floor(value / TWO_32);
    halves[2 * row] = value - high * TWO_32;
    halves[2 * row + 1] = high;
  }
}

function textData(column: ColumnSchema, { words, codes }: TextValues, length: number, body: StreamBody): arrow.Data {
  const encoded = words.map((word) => Buffer.from(word ?? '', 'utf8'));
  const validity = textNulls(column, { words, codes }, body);
  const valueOffsets = new Int32Array(memory, body.take(4 * (length + 1)), length + 1);
  valueOffsets[0] = 0;
  for (let row = 0; row < length; row++) valueOffsets[row + 1] = valueOffsets[row]! + encoded[codes[row]!]!.length;
  const byteLength = valueOffsets[length]!;
  const data = Buffer.from(memory, body.take(byteLength), byteLength);
  // The same word often repeats in consecutive rows, and one `fill` writes them all.
  for (let row = 0, end = 0; row < length; row = end) {
    const code = codes[row]!;
    while (end < length && codes[end] === code) end++;
    data.fill(encoded[code]!, valueOffsets[row], valueOffsets[end]);
  }
  return arrow.makeData({ type: new arrow.Utf8(), length, ...validity, valueOffsets, data });
}

function textNulls(
  column: ColumnSchema,
  { words, codes }: TextValues,
  body: StreamBody,
): { nullCount: number; nullBitmap?: Uint8Array } {
  const isNull = words.map((word) => word === null);
  if (!isNull.includes(true)) return { nullCount: 0 };
  let nullCount = 0;
  for (const code of codes) if (isNull[code]) nullCount++;
  if (nullCount === 0) return { nullCount };
  if (!column.nullable) throw new Error(`column ${column.name} has ${nullCount} undefined values`);
  const byteLength = padded(codes.length / 8);
  const nullBitmap = new Uint8Array(memory, body.take(byteLength), byteLength);
  nullBitmap.fill(0);
  codes.forEach((code, row) => {
    if (!isNull[code]) nullBitmap[row >> 3]! |= 1 << (row & 7);
  });
  return { nullCount, nullBitmap };
}
