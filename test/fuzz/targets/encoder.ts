import assert from 'node:assert/strict';
import type { ColumnSchema } from '../../../lib/domain/table-schema.ts';
import { readTable } from '../../../lib/parquet/read-table.ts';
import type { ColumnValues, TextValues } from '../../../lib/parquet/table-values.ts';
import { typescriptKernels } from '../../../lib/parquet/writer/typescript-kernels.ts';
import { wasmKernels } from '../../../lib/parquet/writer/wasm-kernels.ts';
import { writeTable } from '../../../lib/parquet/writer/write-table.ts';
import { EVERY_COLUMN } from '../../support/random-table.ts';
import type { FuzzTarget } from '../targets.ts';

const KERNELS = [wasmKernels(), typescriptKernels()];

/**
 * The input of the encoder: the bytes are the values of a column of each type. Both kernels must give the same file or
 * the same refusal, and a file must be read back.
 */
export function encoderTarget(): FuzzTarget {
  return {
    name: 'encoder',
    samples: [(i: number) => i % 3, (i: number) => 1_700_000_000_000 + 60_000 * i, (i: number) => Math.sin(i)].map(
      sample,
    ),
    // A refusal is a fault of the code that made the column, so it has no name of its own.
    errors: ['Error'],
    async read(bytes) {
      const numbers = new Float64Array(Math.floor(bytes.length / 8));
      new Uint8Array(numbers.buffer).set(bytes.subarray(0, 8 * numbers.length));
      const codes = Uint8Array.from(bytes.subarray(0, numbers.length), (byte) => byte & 3);
      const text = { words: [bytes.toString('latin1'), 'a', null, ''], codes };
      let refusal: Error | undefined;
      for (const column of EVERY_COLUMN.columns) {
        refusal = (await refusalOf(column, column.type === 'string' ? text : numbers, numbers.length)) ?? refusal;
      }
      if (refusal) throw refusal;
    },
  };
}

/** Writes a column by both kernels and reads it back. Returns the refusal if there is one. */
async function refusalOf(column: ColumnSchema, values: ColumnValues, rows: number): Promise<Error | undefined> {
  const schema = { name: 'fuzz', columns: [column] };
  const [ours, twins] = KERNELS.map((kernels) => {
    try {
      return writeTable(kernels, schema, rows, new Map([[column.name, values]]));
    } catch (error) {
      return error as Error;
    }
  });
  if (ours instanceof Error) {
    assert(twins instanceof Error, 'only WebAssembly refuses');
    assert.equal(ours.message, twins.message);
    assert.equal(ours.constructor, Error, ours.stack);
    return ours;
  }
  assert(!(twins instanceof Error), 'only TypeScript refuses');
  assert.equal(Buffer.compare(ours, twins), 0, 'bytes differ');
  const back = (await readTable(ours)).columns.get(column.name)!;
  if (values instanceof Float64Array) {
    const isSingle = column.type === 'float32';
    const expected = values.map((x) => (Number.isFinite(isSingle ? Math.fround(x) : x) ? x : Number.NaN));
    assert.deepEqual(back, isSingle ? expected.map(Math.fround) : expected.map((x) => wholeOf(column, x)));
  } else {
    const read = back as TextValues;
    const texts = Array.from(values.codes, (code) => values.words[code]);
    assert.deepEqual(
      Array.from(read.codes, (code) => read.words[code]),
      texts,
    );
  }
  return undefined;
}

/** Integers have no negative zero. */
function wholeOf({ type }: ColumnSchema, value: number): number {
  return type === 'float64' ? value : value + 0;
}

function sample(numberOf: (row: number) => number): Uint8Array {
  return new Uint8Array(Float64Array.from({ length: 120 }, (_, row) => numberOf(row)).buffer);
}
