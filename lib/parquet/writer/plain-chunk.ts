import type { ColumnSchema } from '../../domain/table-schema.ts';
import { type ChunkEncoder, refuseNulls } from './chunk-encoder.ts';
import { levelsOf } from './levels.ts';
import type { PageKernels } from './page-kernels.ts';
import { PAGE_ROWS, PLACES } from './page-memory.ts';
import { NumberBounds, type Statistics } from './statistics.ts';

/** Encodes floats and doubles as they are (PLAIN). The page is made in the memory of the kernels. */
export class PlainChunk implements ChunkEncoder {
  readonly encoding = 'PLAIN';
  private readonly bounds = new NumberBounds();
  private nulls = 0;
  private readonly width: 4 | 8;
  private readonly input: Float64Array;
  private readonly pageBounds: Float64Array;
  private readonly kernels: PageKernels;
  private readonly column: ColumnSchema;
  private readonly values: Float64Array;

  constructor(kernels: PageKernels, column: ColumnSchema, values: Float64Array) {
    const { buffer } = kernels.memory;
    this.width = column.type === 'float32' ? 4 : 8;
    this.input = new Float64Array(buffer, PLACES.input, PAGE_ROWS);
    this.pageBounds = new Float64Array(buffer, PLACES.bounds, 2);
    this.kernels = kernels;
    this.column = column;
    this.values = values;
  }

  page(begin: number, end: number): Uint8Array {
    const { memory } = this.kernels;
    const rows = end - begin;
    this.input.set(this.values.subarray(begin, end));
    const count = this.kernels.plainNumbers(this.width, rows);
    refuseNulls(this.column, rows - count);
    this.nulls += rows - count;
    this.bounds.add(this.pageBounds[0]!, this.pageBounds[1]!);
    const levels = levelsOf(this.column, memory, rows, rows - count);
    const from = PLACES.values - levels.length;
    memory.set(levels, from);
    return memory.subarray(from, PLACES.values + count * this.width);
  }

  statistics(): Statistics {
    return this.bounds.statistics(this.width === 4 ? 'FLOAT' : 'DOUBLE', this.nulls);
  }
}
