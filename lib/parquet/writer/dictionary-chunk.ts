import type { ColumnSchema } from '../../domain/table-schema.ts';
import { ByteWriter } from './byte-writer.ts';
import type { ChunkEncoder, Dictionary } from './chunk-encoder.ts';
import { DefinedRows } from './defined-rows.ts';
import { PAGE_ROWS } from './page-memory.ts';
import { appendRuns } from './runs.ts';
import type { Statistics } from './statistics.ts';

/** A column as numbers of words. */
export interface DictionaryColumn {
  /** The distinct values, in an order that depends on the values alone. */
  readonly dictionary: Dictionary;
  /** For each code of `codes`, the place of its value in the dictionary; −1 if it is null. */
  readonly places: Int32Array;
  readonly codes: Uint8Array | Uint32Array;
  /** The statistics without the number of nulls. */
  readonly bounds: Omit<Statistics, 'nulls'>;
}

/** Encodes values by their places in a dictionary (RLE_DICTIONARY). A chunk of nulls has no dictionary and is PLAIN. */
export class DictionaryChunk implements ChunkEncoder {
  readonly encoding: 'RLE_DICTIONARY' | 'PLAIN';
  readonly dictionary?: Dictionary;
  private readonly body = new ByteWriter(new Uint8Array(1024));
  private readonly defined = new Uint32Array(PAGE_ROWS);
  private readonly rows: DefinedRows;
  private nulls = 0;
  private readonly coded: DictionaryColumn;

  constructor(column: ColumnSchema, coded: DictionaryColumn) {
    const isEmpty = coded.dictionary.count === 0;
    this.encoding = isEmpty ? 'PLAIN' : 'RLE_DICTIONARY';
    if (!isEmpty) this.dictionary = coded.dictionary;
    this.rows = new DefinedRows(column);
    this.coded = coded;
  }

  page(begin: number, end: number): Uint8Array {
    const { codes, places } = this.coded;
    this.rows.reset(end - begin);
    let count = 0;
    for (let row = begin; row < end; row++) {
      const place = places[codes[row]!]!;
      if (place < 0) this.rows.markNull(row - begin);
      else this.defined[count++] = place;
    }
    const nulls = end - begin - count;
    this.nulls += nulls;
    this.body.clear();
    this.rows.append(this.body, end - begin, nulls);
    if (this.dictionary) {
      // Some readers do not expect numbers of no bits.
      const width = Math.max(1, 32 - Math.clz32(this.dictionary.count - 1));
      this.body.byte(width);
      appendRuns(this.body, this.defined.subarray(0, count), width);
    }
    return this.body.written();
  }

  statistics(): Statistics {
    return { nulls: this.nulls, ...this.coded.bounds };
  }
}
