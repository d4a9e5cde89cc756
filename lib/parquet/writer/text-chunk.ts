import type { ColumnSchema } from '../../domain/table-schema.ts';
import type { TextValues } from '../table-values.ts';
import { ByteWriter } from './byte-writer.ts';
import { type ChunkEncoder, type Dictionary, refuseNulls } from './chunk-encoder.ts';
import { levelsOf } from './levels.ts';
import type { PageKernels } from './page-kernels.ts';
import { PAGE_ROWS, PLACES } from './page-memory.ts';
import { appendRuns } from './runs.ts';
import type { Statistics } from './statistics.ts';
import { textBounds } from './text-bounds.ts';

/**
 * Encodes text by its places in a dictionary (RLE_DICTIONARY). The dictionary has the words of the chunk by their first
 * row, so other words and codes do not show. A chunk of nulls has no dictionary and is PLAIN.
 */
export class TextChunk implements ChunkEncoder {
  readonly encoding: 'RLE_DICTIONARY' | 'PLAIN';
  readonly dictionary?: Dictionary;
  private readonly texts: Buffer[] = [];
  /** For each code, the place of its word in the dictionary; −1 for null. */
  private readonly places: Int32Array;
  private readonly body = new ByteWriter(new Uint8Array(1024));
  private nulls = 0;
  private readonly kernels: PageKernels;
  private readonly column: ColumnSchema;
  private readonly codes: TextValues['codes'];

  /** @throws Error naming the column if a code has no word */
  constructor(kernels: PageKernels, column: ColumnSchema, { words, codes }: TextValues) {
    this.kernels = kernels;
    this.column = column;
    this.codes = codes;
    this.places = this.placesOf(words, codes);
    const { texts } = this;
    this.encoding = texts.length === 0 ? 'PLAIN' : 'RLE_DICTIONARY';
    if (texts.length === 0) return;
    const bytes = new ByteWriter(new Uint8Array(texts.reduce((sum, text) => sum + 4 + text.length, 0)));
    for (const text of texts) {
      bytes.int32(text.length);
      bytes.append(text);
    }
    this.dictionary = { bytes: bytes.written(), count: texts.length };
  }

  page(begin: number, end: number): Uint8Array {
    const { memory } = this.kernels;
    const rows = end - begin;
    const places = new Uint32Array(memory.buffer, PLACES.values, PAGE_ROWS);
    const bits = memory.subarray(PLACES.bits, PLACES.bits + Math.ceil(rows / 8)).fill(0);
    let count = 0;
    for (let row = 0; row < rows; row++) {
      const place = this.places[this.codes[begin + row]!]!;
      if (place < 0) continue;
      places[count++] = place;
      bits[row >> 3]! |= 1 << (row & 7);
    }
    refuseNulls(this.column, rows - count);
    this.nulls += rows - count;
    this.body.clear();
    this.body.append(levelsOf(this.column, memory, rows, rows - count));
    if (this.dictionary) {
      // Some readers do not expect numbers of no bits.
      const width = Math.max(1, 32 - Math.clz32(this.dictionary.count - 1));
      this.body.byte(width);
      appendRuns(this.body, places.subarray(0, count), width);
    }
    return this.body.written();
  }

  statistics(): Statistics {
    return { nulls: this.nulls, ...(this.texts.length > 0 && textBounds(this.texts)) };
  }

  private placesOf(words: TextValues['words'], codes: TextValues['codes']): Int32Array {
    const places = new Int32Array(words.length).fill(-1);
    const isSeen = new Uint8Array(words.length);
    const placeOf = new Map<string, number>();
    for (const code of codes) {
      if (isSeen[code]) continue;
      const word = words[code];
      if (word === undefined) {
        throw new Error(`column ${this.column.name} has code ${code}, expected less than ${words.length}`);
      }
      isSeen[code] = 1;
      if (word === null) continue;
      const place = placeOf.get(word) ?? this.texts.push(Buffer.from(word, 'utf8')) - 1;
      placeOf.set(word, place);
      places[code] = place;
    }
    return places;
  }
}
