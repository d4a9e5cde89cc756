import { PAGE_ROWS, PLACES } from './page-memory.ts';

/** Does what `PageKernels.plainNumbers` says. assembly/plain-numbers.ts is its twin. */
export function plainNumbers(buffer: ArrayBuffer, width: 4 | 8, rows: number): number {
  const input = new Float64Array(buffer, PLACES.input, rows);
  const Values = width === 4 ? Float32Array : Float64Array;
  const values = new Values(buffer, PLACES.values, PAGE_ROWS);
  const bits = new Uint8Array(buffer, PLACES.bits, PAGE_ROWS / 8);
  bits.fill(0, 0, Math.ceil(rows / 8));
  let count = 0;
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < rows; row++) {
    values[count] = input[row]!;
    const value = values[count]!;
    // Only the difference of a finite number from itself is zero.
    if (value - value !== 0) continue;
    bits[row >> 3]! |= 1 << (row & 7);
    count++;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  new Float64Array(buffer, PLACES.bounds, 2).set([min, max]);
  return count;
}
