import type { ColumnSchema, ColumnType } from '../../domain/table-schema.ts';
import type { ColumnValues, TextValues } from '../table-values.ts';
import type { ChunkEncoder } from './chunk-encoder.ts';
import { codeFlags } from './code-flags.ts';
import { codeText } from './code-text.ts';
import { DeltaChunk } from './delta-chunk.ts';
import { DictionaryChunk } from './dictionary-chunk.ts';
import type { PageKernels } from './page-kernels.ts';
import { PlainChunk } from './plain-chunk.ts';

type NumberType = Exclude<ColumnType, 'string'>;

/**
 * The encoding of each type of number. Floats are plain, because not every engine that reads the lake knows floats split
 * by bytes (Trino does since 2024). Flags have few values, so a dictionary makes bits of them.
 */
const NUMBERS: Readonly<
  Record<NumberType, (kernels: PageKernels, column: ColumnSchema, values: Float64Array) => ChunkEncoder>
> = {
  timestamp: (_, column, values) => new DeltaChunk(column, 'timestamp', values),
  int32: (_, column, values) => new DeltaChunk(column, 'int32', values),
  float64: (kernels, column, values) => new PlainChunk(kernels, column, values),
  float32: (kernels, column, values) => new PlainChunk(kernels, column, values),
  int8: (_, column, values) => new DictionaryChunk(column, codeFlags(column, values)),
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
  return new DictionaryChunk(column, codeText(column, part));
}
