import fc from 'fast-check';
import { snappyUncompress } from 'hyparquet';
import type { PageKernels } from '../../../lib/parquet/writer/page-kernels.ts';
import { BLOCK_BYTES, mostCompressed, PAGE_ROWS, PLACES } from '../../../lib/parquet/writer/page-memory.ts';
import { snappy } from '../../../lib/parquet/writer/snappy.ts';
import { typescriptKernels } from '../../../lib/parquet/writer/typescript-kernels.ts';
import { wasmKernels } from '../../../lib/parquet/writer/wasm-kernels.ts';
import { writeTable } from '../../../lib/parquet/writer/write-table.ts';
import { PARQUET_TABLES } from '../../../lib/query/views.ts';
import { seededRandom } from '../../support/random.ts';
import { EVERY_COLUMN, randomTable } from '../../support/random-table.ts';

const KERNELS: Readonly<Record<string, PageKernels>> = { wasm: wasmKernels(), typescript: typescriptKernels() };
const SCHEMAS = [EVERY_COLUMN, EVERY_COLUMN, EVERY_COLUMN, ...PARQUET_TABLES];

test('WebAssembly and TypeScript write the same bytes for any table', () => {
  fc.assert(
    fc.property(fc.constantFrom(...SCHEMAS), fc.nat(1_200), fc.nat(), (schema, rows, seed) => {
      const columns = randomTable(schema, rows, seed);
      const [wasm, typescript] = Object.values(KERNELS).map((kernels) => writeTable(kernels, schema, rows, columns));
      expect(Buffer.compare(wasm, typescript)).toBe(0);
    }),
    { numRuns: 150 },
  );
});

test('they do so for eight flags of -1 after eight nulls, whose code has all other bits', () => {
  const schema = {
    ...EVERY_COLUMN,
    columns: EVERY_COLUMN.columns.filter(({ type, nullable }) => type === 'int8' && nullable),
  };
  const flags = new Float64Array(16).fill(Number.NaN, 0, 8).fill(-1, 8);
  const columns = new Map(schema.columns.map(({ name }) => [name, flags] as const));
  const [wasm, typescript] = Object.values(KERNELS).map((kernels) => writeTable(kernels, schema, 16, columns));
  expect(schema.columns).not.toEqual([]);
  expect(Buffer.compare(wasm, typescript)).toBe(0);
});

test.each([PAGE_ROWS - 1, PAGE_ROWS, PAGE_ROWS + 1])('they do so at the end of a page: %d rows', (rows) => {
  const columns = randomTable(EVERY_COLUMN, rows, rows);
  const [wasm, typescript] = Object.values(KERNELS).map((kernels) => writeTable(kernels, EVERY_COLUMN, rows, columns));
  expect(Buffer.compare(wasm, typescript)).toBe(0);
});

/** Bytes that repeat themselves by parts, at lengths around those of blocks and literals. */
const BYTES = fc
  .tuple(
    fc.oneof(fc.nat(300), fc.constantFrom(0, 1, 14, 15, 16, 60, 61, 256, 257, 65_535, 65_536, 65_537, 400_000)),
    fc.constantFrom(1, 2, 4, 40, 256),
    fc.integer({ min: 0, max: 100 }),
    fc.nat(),
  )
  .map(([length, values, repeats, seed]) => {
    const random = seededRandom(seed);
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; ) {
      const part = Math.min(random.whole(1, 90), length - at);
      if (at > 0 && random.whole(0, 99) < repeats) {
        const from = random.whole(Math.max(0, at - 70_000), at - 1);
        for (let i = 0; i < part; i++) bytes[at + i] = bytes[from + i]!;
      } else for (let i = 0; i < part; i++) bytes[at + i] = random.whole(0, values - 1);
      at += part;
    }
    return bytes;
  });

test('Snappy by both is read back by a reader that shares no code, within its bound', () => {
  fc.assert(
    fc.property(BYTES, (bytes) => {
      const [wasm, typescript] = Object.values(KERNELS).map((kernels) => Buffer.from(snappy(kernels, bytes)));
      expect(Buffer.compare(wasm, typescript)).toBe(0);
      const back = new Uint8Array(bytes.length);
      if (bytes.length > 0) snappyUncompress(wasm, back);
      expect(Buffer.compare(back, bytes)).toBe(0);
      expect(wasm.length).toBeLessThanOrEqual(5 + Math.ceil(bytes.length / BLOCK_BYTES) * 32 + bytes.length * (7 / 6));
    }),
    { numRuns: 300 },
  );
});

describe('the door of the WebAssembly refuses what would leave its place', () => {
  const kernels = wasmKernels();
  const { input, levels, compressed, end, hashes } = PLACES;
  test.each<[what: string, call: () => unknown]>([
    ['more rows than a page has', () => kernels.plainNumbers(4, PAGE_ROWS + 1)],
    ['a negative number of rows', () => kernels.plainNumbers(8, -1)],
    ['rows that are no number', () => kernels.codeFlags(Number.NaN)],
    ['half a row', () => kernels.definedPlaces(0.5)],
    ['numbers of nine bits', () => kernels.appendRuns(8, 9, input)],
    ['runs outside of their place', () => kernels.appendRuns(PAGE_ROWS, 8, levels)],
    ['differences outside of their place', () => kernels.appendDeltaPacked(PAGE_ROWS, 64, levels)],
    ['a block that is too long', () => kernels.compressBlock(input, BLOCK_BYTES + 1, compressed)],
    ['an empty block', () => kernels.compressBlock(input, 0, compressed)],
    ['a block beyond its place', () => kernels.compressBlock(hashes, 100, compressed)],
    ['a result beyond the memory', () => kernels.compressBlock(input, 100, end - mostCompressed(100) + 1)],
  ])('%s', (_, call) => {
    expect(call).toThrow(RangeError);
  });
});
