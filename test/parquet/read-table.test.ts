import fc from 'fast-check';
import type { ColumnSchema, ColumnType } from '../../lib/domain/table-schema.ts';
import { encodeTable } from '../../lib/parquet/encode-table.ts';
import { readColumns } from '../../lib/parquet/read-columns.ts';
import { readRows } from '../../lib/parquet/read-rows.ts';
import { readTable } from '../../lib/parquet/read-table.ts';
import type { ColumnValues } from '../../lib/parquet/table-values.ts';

/** Values that each type holds exactly. */
const CELLS: Readonly<Record<ColumnType, fc.Arbitrary<number | string>>> = {
  timestamp: fc.integer({ min: 0, max: 4_102_444_800_000 }),
  float64: fc.double({ noNaN: true, noDefaultInfinity: true }),
  float32: fc.float({ noNaN: true, noDefaultInfinity: true }),
  int32: fc.integer(),
  int8: fc.integer({ min: -128, max: 127 }),
  string: fc.string({ unit: 'binary' }),
};

interface Column {
  readonly schema: ColumnSchema;
  readonly cells: readonly (number | string | null)[];
}

const columnOf = (name: string, length: number): fc.Arbitrary<Column> =>
  fc
    .tuple(fc.constantFrom(...(Object.keys(CELLS) as ColumnType[])), fc.boolean())
    .chain(([type, nullable]) =>
      fc
        .array(nullable ? fc.option(CELLS[type], { freq: 3 }) : CELLS[type], { minLength: length, maxLength: length })
        .map((cells) => ({ schema: { name, type, nullable }, cells })),
    );

const TABLES = fc
  .tuple(fc.nat(300), fc.integer({ min: 1, max: 6 }))
  .chain(([length, count]) => fc.tuple(...Array.from({ length: count }, (_, i) => columnOf(`column_${i}`, length))));

function valuesOf({ schema, cells }: Column): ColumnValues {
  if (schema.type !== 'string') return Float64Array.from(cells, (cell) => (cell === null ? Number.NaN : Number(cell)));
  const words = cells as readonly (string | null)[];
  return { words, codes: Uint32Array.from(words.keys()) };
}

const encode = (columns: readonly Column[]) =>
  encodeTable(
    { name: 'sample', columns: columns.map(({ schema }) => schema) },
    columns[0]!.cells.length,
    new Map(columns.map((column) => [column.schema.name, valuesOf(column)])),
  );

test('readTable returns the types, nulls and values of any table, and encoding them gives the same bytes', async () => {
  await fc.assert(
    fc.asyncProperty(TABLES, async (columns) => {
      const bytes = encode(columns);
      const table = await readTable(bytes);
      expect(table.length).toBe(columns[0]!.cells.length);
      expect(table.columnSchemas).toEqual(columns.map(({ schema }) => schema));
      const again = encodeTable({ name: 'sample', columns: table.columnSchemas }, table.length, table.columns);
      expect(Buffer.compare(again, bytes)).toBe(0);
      const rows = columns[0]!.cells.map((_, row) =>
        Object.fromEntries(columns.map(({ schema, cells }) => [schema.name, cells[row]])),
      );
      expect(await readRows(bytes)).toEqual(rows);
    }),
    { numRuns: 60 },
  );
});

const SAMPLE = encode([
  { schema: { name: 'time', type: 'timestamp', nullable: false }, cells: [7, 8] },
  { schema: { name: 'value', type: 'float64', nullable: true }, cells: [null, 0.5] },
  { schema: { name: 'word', type: 'string', nullable: false }, cells: ['a', 'b'] },
]);

test('only the wanted columns are read, also if the bytes lie inside a larger buffer', async () => {
  const larger = new Uint8Array(SAMPLE.length + 20);
  larger.set(SAMPLE, 13);
  const inside = larger.subarray(13, 13 + SAMPLE.length);
  expect(await readColumns(inside, ['value', 'time'])).toEqual({
    value: Float64Array.of(Number.NaN, 0.5),
    time: Float64Array.of(7, 8),
  });
  expect(await readRows(inside, ['word'])).toEqual([{ word: 'a' }, { word: 'b' }]);
  expect(await readTable(inside, [])).toMatchObject({ length: 2, columnSchemas: [], columns: new Map() });
});

test.each([
  [['absent'], 'column absent is not in the file'],
  [['word'], 'column word is text, expected numbers'],
])('readColumns refuses %j', async (names, message) => {
  await expect(readColumns(SAMPLE, names)).rejects.toThrow(message);
});

test('bytes that are not Parquet are refused', async () => {
  await expect(readTable(SAMPLE.subarray(0, SAMPLE.length - 1))).rejects.toThrow();
  await expect(readTable(new Uint8Array())).rejects.toThrow();
});
