import type { ColumnSchema } from '../../domain/table-schema.ts';
import { type ChunkEncoder, refuseNulls } from './chunk-encoder.ts';
import { levelsOf } from './levels.ts';
import type { PageKernels } from './page-kernels.ts';
import { PAGE_ROWS, PLACES } from './page-memory.ts';
import { NumberBounds, type Statistics } from './statistics.ts';

/** The values of each type. Times end at 2^50, far beyond any date, so that their differences are exact in doubles. */
const RANGES = {
  int32: { bits: 32, physical: 'INT32', min: -(2 ** 31), max: 2 ** 31 - 1, text: 'a whole number of 32 bits' },
  timestamp: { bits: 64, physical: 'INT64', min: -(2 ** 50), max: 2 ** 50, text: 'whole milliseconds up to 2^50' },
} as const;

/** Encodes counts and times by their differences (DELTA_BINARY_PACKED). */
export class DeltaChunk implements ChunkEncoder {
  readonly encoding = 'DELTA_BINARY_PACKED';
  private readonly bounds = new NumberBounds();
  private readonly range: (typeof RANGES)[keyof typeof RANGES];
  private readonly input: Float64Array;
  private readonly pageBounds: Float64Array;
  private nulls = 0;
  private readonly kernels: PageKernels;
  private readonly column: ColumnSchema;
  private readonly values: Float64Array;

  constructor(kernels: PageKernels, column: ColumnSchema, type: keyof typeof RANGES, values: Float64Array) {
    const { buffer } = kernels.memory;
    this.range = RANGES[type];
    this.input = new Float64Array(buffer, PLACES.input, PAGE_ROWS);
    this.pageBounds = new Float64Array(buffer, PLACES.bounds, 2);
    this.kernels = kernels;
    this.column = column;
    this.values = values;
  }

  page(begin: number, end: number): Uint8Array {
    const { kernels, column, range } = this;
    const { memory } = kernels;
    const rows = end - begin;
    this.input.set(this.values.subarray(begin, end));
    const count = kernels.plainNumbers(8, rows);
    refuseNulls(column, rows - count);
    const [min, max] = [this.pageBounds[0]!, this.pageBounds[1]!];
    if (min < range.min || max > range.max) this.refuse(begin, end);
    // The numbers are in `values` now, so the page can be written over `input`.
    const levels = levelsOf(column, memory, rows, rows - count);
    memory.set(levels, PLACES.input);
    const to = kernels.appendDeltaPacked(count, range.bits, PLACES.input + levels.length);
    if (to === 0) this.refuse(begin, end);
    this.nulls += rows - count;
    this.bounds.add(min, max);
    return memory.subarray(PLACES.input, to);
  }

  statistics(): Statistics {
    return this.bounds.statistics(this.range.physical, this.nulls);
  }

  private refuse(begin: number, end: number): never {
    const { min, max, text } = this.range;
    const fits = (x: number) => !Number.isFinite(x) || (Number.isInteger(x) && x >= min && x <= max);
    const value = this.values.subarray(begin, end).find((x) => !fits(x));
    throw new Error(`column ${this.column.name} has ${value}, expected ${text}`);
  }
}
