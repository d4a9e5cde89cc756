import { isDeepStrictEqual } from 'node:util';
import { tableFromIPC } from 'apache-arrow';
import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { BATCH_ROWS } from '../../lib/parquet/arrow-batches.ts';
import type { ResultStream } from '../../lib/ports.ts';
import type { ExportFormat } from '../../lib/query/contract.ts';
import { encodeResult } from '../../lib/query/encode-result.ts';

/** A result whose batches have these numbers of rows. */
function resultOf(
  columns: ResultStream['columns'],
  rows: readonly unknown[][],
  sizes: readonly number[],
): ResultStream {
  async function* batches() {
    let begin = 0;
    for (const size of sizes) {
      const part = rows.slice(begin, begin + size);
      yield columns.map((_, c) => part.map((row) => row[c]));
      begin += size;
    }
  }
  return { columns, batches: batches() };
}

async function bytesOf(result: ResultStream, format: ExportFormat): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of encodeResult(result, format)) parts.push(part);
  return Buffer.concat(parts);
}

/** The bytes alone: a small Buffer is a part of a larger one. */
function alone(bytes: Buffer): ArrayBuffer {
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
}

function readParquet(bytes: Buffer): Promise<Record<string, unknown>[]> {
  return parquetReadObjects({ file: alone(bytes), compressors });
}

const DUCKDB = [
  ['open_time', 'TIMESTAMP WITH TIME ZONE', '2024-02-01T00:15:00.123Z', new Date('2024-02-01T00:15:00.123Z')],
  ['plain', 'TIMESTAMP', '1969-12-31T23:59:59Z', new Date('1969-12-31T23:59:59Z')],
  ['day', 'DATE', '2024-02-29', new Date('2024-02-29')],
  ['close', 'DOUBLE', 42283.58, 42283.58],
  ['not_a_number', 'DOUBLE', 'NaN', Number.NaN],
  ['rsi_14', 'FLOAT', 0.5, 0.5],
  ['signal', 'TINYINT', -1, -1],
  ['trades', 'INTEGER', 2_000_000_000, 2_000_000_000],
  ['n', 'BIGINT', '9007199254740993', 9007199254740993n],
  ['sum', 'HUGEINT', 12, 12],
  ['price', 'DECIMAL(9,2)', 1.5, 1.5],
  ['yes', 'BOOLEAN', true, true],
  ['no', 'BOOLEAN', false, false],
  ['symbol', 'VARCHAR', '币安人生USDT', '币安人生USDT'],
  ['list', 'INTEGER[]', [1, null], '[1,null]'],
] as const;
const ATHENA = [
  ['open_time', 'timestamp', '2024-02-01T00:15:00Z', new Date('2024-02-01T00:15:00Z')],
  ['known_at', 'timestamp with time zone', '2024-02-01T00:15:00Z', new Date('2024-02-01T00:15:00Z')],
  ['rsi_14', 'float', 0.25, 0.25],
  ['x', 'real', 0.25, 0.25],
  ['trades', 'int', 7, 7],
  ['n', 'bigint', 7, 7n],
  ['symbol', 'varchar', '', ''],
] as const;

test.each([
  ['DuckDB', DUCKDB],
  ['Athena', ATHENA],
])('types and nulls of %s are kept in Parquet and in Arrow', async (_, typed) => {
  const columns = typed.map(([name, type]) => ({ name, type }));
  const rows = [typed.map(([, , value]) => value), typed.map(() => null)];
  const expected = [
    Object.fromEntries(typed.map(([name, , , value]) => [name, value])),
    Object.fromEntries(typed.map(([name]) => [name, null])),
  ];
  const parquet = await readParquet(await bytesOf(resultOf(columns, rows, [2]), 'parquet'));
  expect(parquet.map((row) => ({ ...row }))).toEqual(expected);
  const table = tableFromIPC(await bytesOf(resultOf(columns, rows, [2]), 'arrow'));
  const types = table.schema.fields.map(({ type }) => String(type));
  expect(types[0]).toBe('Timestamp<MILLISECOND, UTC>');
  const first = table.get(0)!.toJSON() as Record<string, unknown>;
  const plain = (value: unknown) => (value instanceof Date ? value.getTime() : value);
  for (const [name, , , value] of typed) expect([name, first[name]]).toEqual([name, plain(value)]);
  expect(Object.values(table.get(1)!.toJSON())).toEqual(typed.map(() => null));
});

const NUMBERS = [
  { name: 'i', type: 'INTEGER' },
  { name: 'x', type: 'DOUBLE' },
  { name: 's', type: 'VARCHAR' },
];
const ROWS = Array.from({ length: 2 * BATCH_ROWS + 5 }, (_, i) => [i, i % 7 === 0 ? null : i / 3, `word ${i % 5}`]);

test.each(['parquet', 'arrow', 'csv', 'json'] as const)('bytes of %s do not depend on the batches', async (format) => {
  const whole = await bytesOf(resultOf(NUMBERS, ROWS, [ROWS.length]), format);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 40_000 }), { maxLength: 6 }), async (sizes) => {
      const used = sizes.reduce((sum, size) => sum + Math.min(size, ROWS.length), 0);
      const all = used < ROWS.length ? [...sizes, ROWS.length] : sizes;
      expect((await bytesOf(resultOf(NUMBERS, ROWS, all), format)).equals(whole)).toBe(true);
    }),
    { numRuns: 5 },
  );
});

test('Parquet has a row group per batch, and every row', async () => {
  const bytes = await bytesOf(resultOf(NUMBERS, ROWS, [ROWS.length]), 'parquet');
  const groups = parquetMetadata(alone(bytes)).row_groups;
  expect(groups.map(({ num_rows }) => Number(num_rows))).toEqual([BATCH_ROWS, BATCH_ROWS, 5]);
  const read = (await readParquet(bytes)).map((row) => Object.values(row));
  // For so many rows, toEqual takes seconds.
  expect(isDeepStrictEqual(read, ROWS)).toBe(true);
});

test.each([[[]], [[0]]])('a result without rows still has its columns: batches of %j rows', async (sizes) => {
  expect(tableFromIPC(await bytesOf(resultOf(NUMBERS, [], sizes), 'arrow')).schema.fields).toHaveLength(3);
  const parquet = await bytesOf(resultOf(NUMBERS, [], sizes), 'parquet');
  expect(parquetMetadata(alone(parquet)).schema).toHaveLength(4);
  expect(await readParquet(parquet)).toEqual([]);
  expect(String(await bytesOf(resultOf(NUMBERS, [], sizes), 'csv'))).toBe('i,x,s\r\n');
  expect(String(await bytesOf(resultOf(NUMBERS, [], sizes), 'json'))).toBe('[]\n');
});

test.each(['parquet', 'arrow'] as const)('%s refuses what it would have to change', async (format) => {
  const fine = [{ name: 't', type: 'TIMESTAMP WITH TIME ZONE' }];
  const finer = resultOf(fine, [['2024-02-01T00:00:00.123456Z']], [1]);
  await expect(bytesOf(finer, format)).rejects.toMatchObject({
    name: 'BadInput',
    message: expect.stringContaining(
      'column t must have whole milliseconds to be written, got 2024-02-01T00:00:00.123456Z',
    ),
  });
  await expect(bytesOf(resultOf(fine, [['infinity']], [1]), format)).rejects.toMatchObject({ name: 'BadInput' });
  const twice = resultOf([...fine, ...fine], [], []);
  await expect(bytesOf(twice, format)).rejects.toMatchObject({ name: 'BadInput' });
});

test.each(['parquet', 'arrow', 'csv', 'json'] as const)(
  'an error between batches comes out of %s as it is',
  async (format) => {
    async function* batches() {
      yield [[1], [1], ['a']];
      throw new Error('the disk is gone');
    }
    await expect(bytesOf({ columns: NUMBERS, batches: batches() }, format)).rejects.toThrow('the disk is gone');
  },
);
