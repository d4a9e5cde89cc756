import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { parquetMetadata, parquetReadObjects, parquetSchema } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import {
  CANDLES_SCHEMA,
  type ColumnSchema,
  type ColumnType,
  GAPS_SCHEMA,
  type TableSchema,
} from '../../lib/domain/table-schema.ts';
import { type GapRow, gapColumns } from '../../lib/lake/ledger/gap-row.ts';
import { encodeTable } from '../../lib/parquet/encode-table.ts';
import type { ColumnValues } from '../../lib/parquet/table-values.ts';

const FROM_MS = Date.UTC(2024, 1, 29, 23, 59, 59, 999);

function schemaOf(columns: Readonly<Record<string, ColumnType | `${ColumnType}?`>>): TableSchema {
  return {
    name: 'sample',
    columns: Object.entries(columns).map(
      ([name, type]): ColumnSchema => ({
        name,
        type: type.replace('?', '') as ColumnType,
        nullable: type.endsWith('?'),
      }),
    ),
  };
}

const encode = (schema: TableSchema, length: number, columns: Readonly<Record<string, ColumnValues>>) =>
  encodeTable(schema, length, new Map(Object.entries(columns)));

const bufferOf = (bytes: Uint8Array) =>
  bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;

/** Rows as a reader in JavaScript sees them. */
const readBack = (bytes: Uint8Array) => parquetReadObjects({ file: bufferOf(bytes), compressors });

/** Rows as DuckDB sees them, as JSON. `sql` reads from `t`. */
async function ask(bytes: Uint8Array, sql: string): Promise<unknown[]> {
  const folder = mkdtempSync(join(tmpdir(), 'candlelake-'));
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    writeFileSync(join(folder, 'a.parquet'), bytes);
    await connection.run(`SET TimeZone = 'UTC'; CREATE VIEW t AS FROM '${join(folder, 'a.parquet')}'`);
    return (await connection.runAndReadAll(sql)).getRowObjectsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
    rmSync(folder, { recursive: true });
  }
}

const EVERY_TYPE = schemaOf({
  time: 'timestamp',
  time_or_null: 'timestamp?',
  double: 'float64',
  double_or_null: 'float64?',
  single_or_null: 'float32?',
  whole: 'int32',
  whole_or_null: 'int32?',
  small_or_null: 'int8?',
  text: 'string',
});
const { NaN: nan, POSITIVE_INFINITY: plus, NEGATIVE_INFINITY: minus } = Number;
const everyType = () =>
  encode(EVERY_TYPE, 4, {
    time: Float64Array.of(0, FROM_MS, Date.UTC(2099, 11, 31), 2 ** 32),
    time_or_null: Float64Array.of(nan, FROM_MS, nan, 1),
    double: Float64Array.of(0.1, -1e300, Number.MAX_SAFE_INTEGER, 5e-324),
    double_or_null: Float64Array.of(nan, plus, minus, -0.1),
    single_or_null: Float64Array.of(0.5, nan, 0.1, plus),
    whole: Float64Array.of(0, 2 ** 31 - 1, -(2 ** 31), 7),
    whole_or_null: Float64Array.of(nan, 3, nan, -3),
    small_or_null: Float64Array.of(127, -128, nan, 0),
    text: { words: ['unused', 'rest', '币安', ''], codes: Uint8Array.of(1, 2, 3, 1) },
  });

describe('every type, with null for NaN and the infinities,', () => {
  test('is read back by hyparquet', async () => {
    expect(await readBack(everyType())).toEqual([
      {
        ...{ time: new Date(0), time_or_null: null, double: 0.1, double_or_null: null, single_or_null: 0.5 },
        ...{ whole: 0, whole_or_null: null, small_or_null: 127, text: 'rest' },
      },
      {
        ...{ time: new Date(FROM_MS), time_or_null: new Date(FROM_MS), double: -1e300, double_or_null: null },
        ...{ single_or_null: null, whole: 2 ** 31 - 1, whole_or_null: 3, small_or_null: -128, text: '币安' },
      },
      {
        ...{ time: new Date(Date.UTC(2099, 11, 31)), time_or_null: null, double: Number.MAX_SAFE_INTEGER },
        ...{ double_or_null: null, single_or_null: Math.fround(0.1), whole: -(2 ** 31), whole_or_null: null },
        ...{ small_or_null: null, text: '' },
      },
      {
        ...{ time: new Date(2 ** 32), time_or_null: new Date(1), double: 5e-324, double_or_null: -0.1 },
        ...{ single_or_null: null, whole: 7, whole_or_null: -3, small_or_null: 0, text: 'rest' },
      },
    ]);
  });

  test('is read back by DuckDB, which sees the types', async () => {
    const types = await ask(everyType(), 'SELECT column_name, column_type FROM (DESCRIBE t)');
    expect(Object.fromEntries(types.map((row) => Object.values(row as object)))).toEqual({
      time: 'TIMESTAMP WITH TIME ZONE',
      time_or_null: 'TIMESTAMP WITH TIME ZONE',
      double: 'DOUBLE',
      double_or_null: 'DOUBLE',
      single_or_null: 'FLOAT',
      whole: 'INTEGER',
      whole_or_null: 'INTEGER',
      small_or_null: 'TINYINT',
      text: 'VARCHAR',
    });
    expect(await ask(everyType(), `SELECT *, epoch_ms("time") AS ms FROM t LIMIT 1 OFFSET 1`)).toMatchObject([
      {
        ...{ time: '2024-02-29 23:59:59.999+00', double: -1e300, double_or_null: null, single_or_null: null },
        ...{ whole: 2147483647, whole_or_null: 3, small_or_null: -128, text: '币安', ms: String(FROM_MS) },
      },
    ]);
  });

  test('says in the file: milliseconds UTC, required if it may not be null', () => {
    const { children } = parquetSchema(parquetMetadata(bufferOf(everyType())));
    const element = (name: string) => children.find((child) => child.element.name === name)!.element;
    expect(element('time')).toMatchObject({
      type: 'INT64',
      repetition_type: 'REQUIRED',
      logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
    });
    expect(element('time_or_null').repetition_type).toBe('OPTIONAL');
    expect(element('double')).toMatchObject({ type: 'DOUBLE', repetition_type: 'REQUIRED' });
    expect(element('small_or_null')).toMatchObject({ type: 'INT32', repetition_type: 'OPTIONAL' });
    expect(element('text').type).toBe('BYTE_ARRAY');
  });
});

test('of encodings, only those that every engine knows', () => {
  const chunks = parquetMetadata(bufferOf(everyType())).row_groups[0]!.columns.map(({ meta_data: chunk }) => chunk!);
  const encodings = Object.fromEntries(chunks.map((chunk) => [chunk.path_in_schema[0], [...chunk.encodings].sort()]));
  expect(encodings).toMatchObject({
    time: ['DELTA_BINARY_PACKED', 'RLE'],
    double: ['PLAIN', 'RLE'],
    double_or_null: ['PLAIN', 'RLE'],
    single_or_null: ['PLAIN', 'RLE'],
    whole: ['DELTA_BINARY_PACKED', 'RLE'],
    small_or_null: ['PLAIN', 'RLE', 'RLE_DICTIONARY'],
    text: ['PLAIN', 'RLE', 'RLE_DICTIONARY'],
  });
  expect(new Set(chunks.map(({ codec }) => codec))).toEqual(new Set(['SNAPPY']));
});

test('doubles keep their bits, the sign of zero too', async () => {
  const values = Float64Array.of(-0, 0, Number.EPSILON, Number.MAX_VALUE, Number.MIN_VALUE, 1 / 3, 0.1 + 0.2);
  const rows = await readBack(encode(schemaOf({ x: 'float64' }), values.length, { x: values }));
  expect(rows.map(({ x }) => x)).toEqual([...values]);
  expect(Object.is(rows[0]!['x'], -0)).toBe(true);
});

describe('what does not fit the schema is refused by name', () => {
  const schema = schemaOf({ a: 'float64', b: 'timestamp' });
  test('a column that may not be null and is', () => {
    const encodeWith = (b: number) => () => encode(schema, 1, { a: Float64Array.of(1), b: Float64Array.of(b) });
    expect(encodeWith(1)).not.toThrow();
    expect(encodeWith(Number.NaN)).toThrow('column b has 1 undefined values');
    expect(encodeWith(Number.POSITIVE_INFINITY)).toThrow('column b has 1 undefined values');
  });

  test('a column that is not there, or of another length', () => {
    expect(() => encode(schema, 1, { a: Float64Array.of(1) })).toThrow(
      'column sample.b has undefined values, expected 1',
    );
    expect(() => encode(schema, 2, { a: new Float64Array(2), b: new Float64Array(1) })).toThrow(
      'column sample.b has 1 values, expected 2',
    );
    const text = { words: ['x'], codes: new Uint8Array(3) };
    expect(() => encode(schemaOf({ t: 'string' }), 2, { t: text })).toThrow('column sample.t has 3 values, expected 2');
  });

  test.each<[type: ColumnType, value: number, message: string]>([
    ['int32', 2 ** 31, 'column x has 2147483648, expected a whole number of 32 bits'],
    ['int32', 0.5, 'column x has 0.5, expected a whole number of 32 bits'],
    ['int8', 128, 'column x has 128, expected a whole number of 8 bits'],
    ['int8', -129, 'column x has -129, expected a whole number of 8 bits'],
    ['int8', 1e-300, 'column x has 1e-300, expected a whole number of 8 bits'],
    ['int8', 1e300, 'column x has 1e+300, expected a whole number of 8 bits'],
    ['timestamp', 2 ** 51, 'column x has 2251799813685248, expected whole milliseconds up to 2^50'],
    ['timestamp', 1.5, 'column x has 1.5, expected whole milliseconds up to 2^50'],
  ])('a number that a column of type %s cannot hold: %d', (type, value, message) => {
    const values = Float64Array.of(nan, 1, value, 2, plus);
    expect(() => encode(schemaOf({ x: `${type}?` }), 5, { x: values })).toThrow(message);
  });

  test('text for numbers, and a code without a word', () => {
    const x = { words: ['a'], codes: Uint8Array.of(0, 7) };
    expect(() => encode(schemaOf({ x: 'float32' }), 2, { x })).toThrow('column x has type float32, got text');
    expect(() => encode(schemaOf({ x: 'string' }), 2, { x })).toThrow('column x has code 7, expected less than 1');
  });

  test('numbers instead of text', () => {
    expect(() => encode(schemaOf({ t: 'string' }), 1, { t: Float64Array.of(1) })).toThrow(
      'column t is text, got numbers',
    );
  });
});

test('neighbouring columns that are views on one buffer, overlapping too, stay what they are', async () => {
  const memory = Float64Array.from({ length: 32 }, (_, i) => i / 8);
  const schema = schemaOf({ a: 'float64', b: 'float64', c: 'float64', d: 'float64?', e: 'float64' });
  const view = (from: number) => memory.subarray(from, from + 8);
  const columns = { a: view(0), b: view(8), c: view(16), d: view(4), e: view(0) };
  const rows = await readBack(encode(schema, 8, columns));
  for (const [name, values] of Object.entries(columns)) expect(rows.map((row) => row[name])).toEqual([...values]);
  expect([...memory]).toEqual(Array.from({ length: 32 }, (_, i) => i / 8));
});

test('equal values are equal bytes, wherever in memory they lie', () => {
  expect(Buffer.compare(everyType(), everyType())).toBe(0);
  const schema = schemaOf({ a: 'float64?' });
  const around = Float64Array.of(9, 1, Number.NaN, 3, 9);
  const a = encode(schema, 3, { a: around.subarray(1, 4) });
  expect(Buffer.compare(a, encode(schema, 3, { a: Float64Array.of(1, Number.NaN, 3) }))).toBe(0);
  // NaN has many bit patterns; none of them may show.
  const other = Float64Array.of(1, 0, 3);
  new BigUint64Array(other.buffer)[1] = 0xfff8_dead_beef_0001n;
  expect(Buffer.compare(a, encode(schema, 3, { a: other }))).toBe(0);
  expect(Buffer.compare(a, encode(schema, 3, { a: Float64Array.of(1, Number.POSITIVE_INFINITY, 3) }))).toBe(0);
});

test('a number that overflows a float of 32 bits is null, as an infinity is', async () => {
  const rows = await readBack(encode(schemaOf({ x: 'float32?' }), 3, { x: Float64Array.of(1e300, 1, -3.5e38) }));
  expect(rows).toEqual([{ x: null }, { x: 1 }, { x: null }]);
});

test('times before 1970 are read back', async () => {
  const rows = await readBack(encode(schemaOf({ t: 'timestamp' }), 3, { t: Float64Array.of(-1, -(2 ** 40), 5) }));
  expect(rows.map(({ t }) => Number(t))).toEqual([-1, -(2 ** 40), 5]);
});

test('no call touches the bytes of another, and memory that is given back is used again', () => {
  const schema = schemaOf({ x: 'float64' });
  const first = encode(schema, 2, { x: Float64Array.of(1, 2) });
  const copy = Uint8Array.from(first);
  const other = encodeTable(schema, 2, new Map([['x', Float64Array.of(8, 9)]]));
  expect(other.buffer).not.toBe(first.buffer);
  expect(Buffer.compare(first, copy)).toBe(0);
  const again = encodeTable(schema, 2, new Map([['x', Float64Array.of(1, 2)]]), other.buffer as ArrayBuffer);
  expect(again.buffer).toBe(other.buffer);
  expect(Buffer.compare(again, copy)).toBe(0);
  const long = { x: Float64Array.from({ length: 9_000 }, (_, i) => Math.sin(i)) };
  const grown = encodeTable(schema, 9_000, new Map(Object.entries(long)), new ArrayBuffer(10));
  expect(Buffer.compare(grown, encode(schema, 9_000, long))).toBe(0);
});

test('a table without rows is a table, with its columns', async () => {
  const columns = new Map<string, ColumnValues>(
    CANDLES_SCHEMA.columns.map(({ name, type }) => [
      name,
      type === 'string' ? { words: ['rest'], codes: new Uint8Array() } : new Float64Array(),
    ]),
  );
  const bytes = encodeTable(CANDLES_SCHEMA, 0, columns);
  expect(await readBack(bytes)).toEqual([]);
  expect(await ask(bytes, 'SELECT count(*)::INT AS n FROM t')).toEqual([{ n: 0 }]);
  expect(await ask(bytes, 'SELECT column_name FROM (DESCRIBE t)')).toHaveLength(CANDLES_SCHEMA.columns.length);
});

test('rows beyond one row group are all there, in order', async () => {
  const length = 131_072 + 5;
  const schema = schemaOf({ time: 'timestamp', x: 'float64?', n: 'int32', s: 'string' });
  const index = Float64Array.from({ length }, (_, i) => i);
  const bytes = encode(schema, length, {
    time: index.map((i) => FROM_MS + i * 60_000),
    x: index.map((i) => (i % 3 === 0 ? Number.NaN : i / 7)),
    n: index,
    s: { words: ['a', 'b'], codes: Uint8Array.from(index, (i) => i % 2) },
  });
  expect(parquetMetadata(bufferOf(bytes)).row_groups.map(({ num_rows }) => Number(num_rows))).toEqual([131_072, 5]);
  const oracle = `SELECT count(*)::INT AS rows, count(x)::INT AS defined,
      bool_and(epoch_ms("time") = ${FROM_MS} + n::BIGINT * 60000) AS times,
      bool_and(x IS NOT DISTINCT FROM CASE WHEN n % 3 <> 0 THEN n::DOUBLE / 7 END) AS doubles,
      bool_and(s = CASE n % 2 WHEN 0 THEN 'a' ELSE 'b' END) AS texts
    FROM t`;
  const defined = length - Math.ceil(length / 3);
  expect(await ask(bytes, oracle)).toEqual([{ rows: length, defined, times: true, doubles: true, texts: true }]);
  const tail = await parquetReadObjects({ file: bufferOf(bytes), compressors, rowStart: 131_070, rowEnd: 131_075 });
  expect(tail.map(({ n }) => n)).toEqual([131_070, 131_071, 131_072, 131_073, 131_074]);
});

test('a table of no rows is a file that readers know the columns of', async () => {
  const bytes = encodeTable(GAPS_SCHEMA, 0, gapColumns([]));
  expect(await readBack(bytes)).toEqual([]);
  expect(parquetSchema(parquetMetadata(bufferOf(bytes))).children.map(({ element }) => element.name)).toEqual(
    GAPS_SCHEMA.columns.map(({ name }) => name),
  );
  const described = (await ask(bytes, 'SELECT column_name, column_type FROM (DESCRIBE t)')) as Record<string, string>[];
  expect(described.map((one) => [one['column_name'], one['column_type']])).toEqual([
    ['from_time', 'TIMESTAMP WITH TIME ZONE'],
    ['to_time', 'TIMESTAMP WITH TIME ZONE'],
    ['class', 'VARCHAR'],
    ['intervals', 'INTEGER'],
    ['candles', 'INTEGER'],
    ['known_at', 'TIMESTAMP WITH TIME ZONE'],
    ['evidence', 'VARCHAR'],
  ]);
  expect(await ask(bytes, 'SELECT count(*)::INT AS n FROM t')).toEqual([{ n: 0 }]);
});

test('text of more than 256 kinds comes back as it was', async () => {
  const rows = Array.from({ length: 1_000 }, (_, i): GapRow => {
    const range = { fromMs: i * 60_000, toMs: (i + 1) * 60_000 };
    return { ...range, class: 'unknown', intervals: 1, candles: 0, knownAtMs: range.toMs, evidence: `{"asked":${i}}` };
  });
  const back = await readBack(encodeTable(GAPS_SCHEMA, rows.length, gapColumns(rows)));
  expect(back.map((row) => row['evidence'])).toEqual(rows.map((row) => row.evidence));
});
