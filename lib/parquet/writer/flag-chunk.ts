import type { ColumnSchema } from '../../domain/table-schema.ts';
import { ByteWriter } from './byte-writer.ts';
import { type ChunkEncoder, type Dictionary, refuseNulls } from './chunk-encoder.ts';
import { FLAG_CODES } from './code-flags.ts';
import { levelsOf } from './levels.ts';
import type { PageKernels } from './page-kernels.ts';
import { PAGE_ROWS, PLACES } from './page-memory.ts';
import { NumberBounds, type Statistics } from './statistics.ts';

/**
 * Encodes numbers of 8 bits by their places in a dictionary that ascends (RLE_DICTIONARY), because most flags have two
 * or three values. A chunk of nulls has no dictionary and is PLAIN.
 */
export class FlagChunk implements ChunkEncoder {
  readonly encoding: 'RLE_DICTIONARY' | 'PLAIN';
  readonly dictionary?: Dictionary;
  private readonly places = new Uint8Array(FLAG_CODES);
  private readonly bounds = new NumberBounds();
  private nulls = 0;
  private readonly kernels: PageKernels;
  private readonly column: ColumnSchema;
  private readonly values: Float64Array;

  /** @throws Error naming the column if a number is not a whole one of 8 bits */
  constructor(kernels: PageKernels, column: ColumnSchema, values: Float64Array) {
    this.kernels = kernels;
    this.column = column;
    this.values = values;
    const used = kernels.memory.subarray(PLACES.used, PLACES.used + FLAG_CODES);
    used.fill(0);
    for (let begin = 0; begin < values.length; begin += PAGE_ROWS) this.code(begin, begin + PAGE_ROWS);
    const bytes = new ByteWriter(new Uint8Array(64));
    let count = 0;
    for (let code = 0; code < FLAG_CODES; code++) {
      if (used[code] === 0) continue;
      this.places[code] = count++;
      bytes.int32(code - 128);
      this.bounds.add(code - 128, code - 128);
    }
    this.encoding = count === 0 ? 'PLAIN' : 'RLE_DICTIONARY';
    if (count > 0) this.dictionary = { bytes: bytes.written(), count };
  }

  page(begin: number, end: number): Uint8Array {
    const { memory } = this.kernels;
    const rows = end - begin;
    const nulls = rows - this.code(begin, end);
    refuseNulls(this.column, nulls);
    this.nulls += nulls;
    const levels = levelsOf(this.column, memory, rows, nulls);
    memory.set(levels, PLACES.input);
    let to = PLACES.input + levels.length;
    if (this.dictionary) {
      memory.set(this.places, PLACES.places);
      // Some readers do not expect numbers of no bits.
      const width = Math.max(1, 32 - Math.clz32(this.dictionary.count - 1));
      memory[to] = width;
      to = this.kernels.appendRuns(this.kernels.definedPlaces(rows), width, to + 1);
    }
    return memory.subarray(PLACES.input, to);
  }

  statistics(): Statistics {
    return this.bounds.statistics('INT32', this.nulls);
  }

  /** Writes the codes of a page, and returns how many of its numbers are not null. */
  private code(begin: number, end: number): number {
    const { memory } = this.kernels;
    const values = this.values.subarray(begin, end);
    new Float64Array(memory.buffer, PLACES.input, PAGE_ROWS).set(values);
    const count = this.kernels.codeFlags(values.length);
    if (count >= 0) return count;
    const isFlag = (x: number) => !Number.isFinite(x) || (Number.isInteger(x) && x >= -128 && x <= 127);
    const value = values.find((x) => !isFlag(x));
    throw new Error(`column ${this.column.name} has ${value}, expected a whole number of 8 bits`);
  }
}
