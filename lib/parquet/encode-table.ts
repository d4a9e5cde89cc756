import type { TableSchema } from '../domain/table-schema.ts';
import type { ColumnValues } from './table-values.ts';
import type { PageKernels } from './writer/page-kernels.ts';
import { typescriptKernels } from './writer/typescript-kernels.ts';
import { wasmKernels } from './writer/wasm-kernels.ts';
import { writeTable } from './writer/write-table.ts';

/**
 * Encodes a table of the lake as Parquet. The bytes are a function of schema and values alone: all code that decides
 * them is in this repository, so they are equal on every machine and Node. NaN and the infinities are null.
 * @param length the number of rows; each column must have as many values
 * @param memory the buffer of an earlier table that nobody reads any more. The result is written there if it fits. This
 * saves a third of the time, because the system is slow to give 25 MB of fresh memory
 * @returns bytes that are the caller's own. No later call touches them unless it gets their buffer as `memory`. The
 * buffer may be longer than the bytes, and can be transferred to another thread.
 * @throws Error naming the column if its values do not fit the schema
 */
export function encodeTable(
  schema: TableSchema,
  length: number,
  columns: ReadonlyMap<string, ColumnValues>,
  memory?: ArrayBuffer,
): Uint8Array {
  for (const { name } of schema.columns) {
    const values = columns.get(name);
    const rows = values instanceof Float64Array ? values.length : values?.codes.length;
    if (rows !== length) throw new Error(`column ${schema.name}.${name} has ${rows} values, expected ${length}`);
  }
  kernels ??= 'WebAssembly' in globalThis ? wasmKernels() : typescriptKernels();
  return writeTable(kernels, schema, length, columns, memory);
}

/** The kernels of this thread, made at the first call. A table is written without interruption, so one is enough. */
let kernels: PageKernels | undefined;
