import type { ColumnSchema, ColumnType } from '../../domain/table-schema.ts';
import type { ColumnValues, TextValues } from '../table-values.ts';
import type { ChunkEncoder } from './chunk-encoder.ts';
import { DeltaChunk } from './delta-chunk.ts';
import { FlagChunk } from './flag-chunk.ts';
import type { PageKernels } from './page-kernels.ts';
import { PlainChunk } from './plain-chunk.ts';
import { TextChunk } from './text-chunk.ts';

type NumberType = Exclude<ColumnType, 'string'>;

/**
 * The encoding of each type of number. Floats are plain, because not every engine that reads the lake knows floats
 * split by bytes (Trino does since 2024). Flags have few values, so a dictionary makes bits of them.
 */
const NUMBERS: Readonly<
  Record<NumberType, (kernels: PageKernels, column: ColumnSchema, values: Float64Array) => ChunkEncoder>
> = {
  timestamp: (kernels, column, values) => new DeltaChunk(kernels, column, 'timestamp', values),
  int32: (kernels, column, values) => new DeltaChunk(kernels, column, 'int32', values),
  float64: (kernels, column, values) => new PlainChunk(kernels, column, values),
  float32: (kernels, column, values) => new PlainChunk(kernels, column, values),
  int8: (kernels, column, values) => new FlagChunk(kernels, column, values),
};

/**
 * Returns the encoder of the rows `[begin, end)` of a column.
 * @throws Error naming the column if its values do not fit its type
 */
export function encodeColumn(
  kernels: PageKernels,
  column: ColumnSchema,
  values: ColumnValues,
  [begin, end]: readonly [number, number],
): ChunkEncoder {
  const { name, type } = column;
  if (values instanceof Float64Array) {
    if (type === 'string') throw new Error(`column ${name} is text, got numbers`);
    return NUMBERS[type](kernels, column, values.subarray(begin, end));
  }
  if (type !== 'string') throw new Error(`column ${name} has type ${type}, got text`);
  const part: TextValues = { words: values.words, codes: values.codes.subarray(begin, end) };
  return new TextChunk(kernels, column, part);
}
