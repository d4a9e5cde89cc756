import type { ColumnSchema } from '../../domain/table-schema.ts';
import type { TextValues } from '../table-values.ts';
import { ByteWriter } from './byte-writer.ts';
import type { DictionaryColumn } from './dictionary-chunk.ts';
import { textBounds } from './text-bounds.ts';

/**
 * Codes text. Its dictionary has the words of these rows by their first row, so other words and codes do not show.
 * @throws Error naming the column if a code has no word
 */
export function codeText({ name }: ColumnSchema, { words, codes }: TextValues): DictionaryColumn {
  const places = new Int32Array(words.length).fill(-1);
  const isSeen = new Uint8Array(words.length);
  const placeOf = new Map<string, number>();
  const texts: Buffer[] = [];
  for (const code of codes) {
    if (isSeen[code]) continue;
    const word = words[code];
    if (word === undefined) throw new Error(`column ${name} has code ${code}, expected less than ${words.length}`);
    isSeen[code] = 1;
    if (word === null) continue;
    const place = placeOf.get(word) ?? texts.push(Buffer.from(word, 'utf8')) - 1;
    placeOf.set(word, place);
    places[code] = place;
  }
  const bytes = new ByteWriter(new Uint8Array(texts.reduce((sum, text) => sum + 4 + text.length, 0)));
  for (const text of texts) {
    bytes.int32(text.length);
    bytes.append(text);
  }
  const bounds = texts.length > 0 ? textBounds(texts) : {};
  return { dictionary: { bytes: bytes.written(), count: texts.length }, places, codes, bounds };
}
