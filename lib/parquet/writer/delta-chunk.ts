import type { ColumnSchema } from '../../domain/table-schema.ts';
import { ByteWriter } from './byte-writer.ts';
import type { ChunkEncoder } from './chunk-encoder.ts';
import { DefinedRows } from './defined-rows.ts';
import { appendDeltaPacked } from './delta-packed.ts';
import { PAGE_ROWS } from './page-memory.ts';
import { NumberBounds, type Statistics } from './statistics.ts';

/** What a type allows. Times end far beyond any date, where differences of doubles would no longer be exact. */
const RANGES = {
  int32: { bits: 32, physical: 'INT32', min: -(2 ** 31), max: 2 ** 31 - 1, text: 'a whole number of 32 bits' },
  timestamp: { bits: 64, physical: 'INT64', min: -(2 ** 50), max: 2 ** 50, text: 'whole milliseconds up to 2^50' },
} as const;

/** Encodes counts and times by their differences (DELTA_BINARY_PACKED). */
export class DeltaChunk implements ChunkEncoder {
  readonly encoding = 'DELTA_BINARY_PACKED';
  private readonly bounds = new NumberBounds();
  private readonly body = new ByteWriter(new Uint8Array(1024));
  private readonly defined = new Float64Array(PAGE_ROWS);
  private readonly rows: DefinedRows;
  private readonly range: (typeof RANGES)[keyof typeof RANGES];
  private nulls = 0;
  private readonly column: ColumnSchema;
  private readonly values: Float64Array;

  constructor(column: ColumnSchema, type: keyof typeof RANGES, values: Float64Array) {
    this.rows = new DefinedRows(column);
    this.range = RANGES[type];
    this.column = column;
    this.values = values;
  }

  page(begin: number, end: number): Uint8Array {
    const count = this.collect(begin, end);
    const nulls = end - begin - count;
    this.nulls += nulls;
    this.body.clear();
    this.rows.append(this.body, end - begin, nulls);
    appendDeltaPacked(this.body, this.defined.subarray(0, count), this.range.bits);
    return this.body.written();
  }

  statistics(): Statistics {
    return this.bounds.statistics(this.range.physical, this.nulls);
  }

  /** Collects the values of a page that are not null, and returns how many there are. */
  private collect(begin: number, end: number): number {
    const { values, defined } = this;
    this.rows.reset(end - begin);
    let count = 0;
    let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    let areWhole = true;
    for (let row = begin; row < end; row++) {
      const value = values[row]!;
      if (value - value !== 0) this.rows.markNull(row - begin);
      else {
        // Adding zero makes −0 a plain zero.
        defined[count++] = value + 0;
        areWhole &&= Math.floor(value) === value;
        if (value < min) min = value;
        if (value > max) max = value;
      }
    }
    if (!areWhole || min < this.range.min || max > this.range.max) this.refuse(count);
    this.bounds.add(min, max);
    return count;
  }

  private refuse(count: number): never {
    const { min, max, text } = this.range;
    const value = this.defined.subarray(0, count).find((x) => !Number.isInteger(x) || x < min || x > max);
    throw new Error(`column ${this.column.name} has ${value}, expected ${text}`);
  }
}
