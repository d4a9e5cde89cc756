import { PLACES } from './page-memory.ts';

/** The number of different codes. */
export const FLAG_CODES = 256;

/** Does what `PageKernels.codeFlags` says. assembly/code-flags.ts is its twin. */
export function codeFlags(buffer: ArrayBuffer, rows: number): number {
  const input = new Float64Array(buffer, PLACES.input, rows);
  const codes = new Uint8Array(buffer, PLACES.codes, rows);
  const bits = new Uint8Array(buffer, PLACES.bits, Math.ceil(rows / 8)).fill(0);
  const used = new Uint8Array(buffer, PLACES.used, FLAG_CODES);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    const value = input[row]!;
    const code = value + 128;
    // Only the difference of a finite number from itself is zero.
    if (value - value !== 0) continue;
    codes[row] = code;
    // A number that is tiny beside 128 is lost in the sum, so it is looked at itself.
    if (codes[row] !== code || Math.floor(value) !== value) return -1;
    used[code] = 1;
    bits[row >> 3]! |= 1 << (row & 7);
    count++;
  }
  return count;
}

/** Does what `PageKernels.definedPlaces` says. assembly/code-flags.ts is its twin. */
export function definedPlaces(buffer: ArrayBuffer, rows: number): number {
  const codes = new Uint8Array(buffer, PLACES.codes, rows);
  const bits = new Uint8Array(buffer, PLACES.bits, Math.ceil(rows / 8));
  const places = new Uint8Array(buffer, PLACES.places, FLAG_CODES);
  const values = new Uint8Array(buffer, PLACES.values, rows);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    if (((bits[row >> 3]! >> (row & 7)) & 1) === 1) values[count++] = places[codes[row]!]!;
  }
  return count;
}
