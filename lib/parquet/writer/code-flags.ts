import type { ColumnSchema } from '../../domain/table-schema.ts';
import { ByteWriter } from './byte-writer.ts';
import type { DictionaryColumn } from './dictionary-chunk.ts';
import { NumberBounds } from './statistics.ts';

/** The code of null. The code of a number is the number plus 128. */
const NULL_CODE = 256;

/**
 * Codes numbers of 8 bits. Their dictionary ascends.
 * @throws Error naming the column if a number is not one of 8 bits
 */
export function codeFlags({ name }: ColumnSchema, values: Float64Array): DictionaryColumn {
  const codes = new Uint32Array(values.length);
  const isUsed = new Uint8Array(NULL_CODE + 1);
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    let code = NULL_CODE;
    if (value - value === 0) {
      code = value + 128;
      // Codes have 32 bits without a sign, so no other number becomes one below 256.
      if (!(code >= 0 && code < NULL_CODE) || Math.floor(code) !== code) {
        throw new Error(`column ${name} has ${value}, expected a whole number of 8 bits`);
      }
    }
    codes[row] = code;
    isUsed[code] = 1;
  }
  const places = new Int32Array(NULL_CODE + 1).fill(-1);
  const bytes = new ByteWriter(new Uint8Array(1024));
  const bounds = new NumberBounds();
  let count = 0;
  for (let code = 0; code < NULL_CODE; code++) {
    if (isUsed[code] === 0) continue;
    places[code] = count++;
    bytes.int32(code - 128);
    bounds.add(code - 128, code - 128);
  }
  const { nulls, ...known } = bounds.statistics('INT32', 0);
  return { dictionary: { bytes: bytes.written(), count }, places, codes, bounds: known };
}
