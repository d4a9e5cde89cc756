import { larger, smaller } from './larger.ts';

/**
 * Highest of the last `length` values at each row, for short windows of finite values: two windows side by side make one
 * twice as long, and the last two overlap without harm. NaN in a window gives NaN.
 *
 * @param x read from row `begin - length + 1` on
 */
export function doubledHighest(x: Float64Array, length: number, out: Float64Array, begin: number, end: number): void {
  let shorter = x;
  let ready = begin;
  for (let width = 1; width < length; ) {
    const apart = Math.min(width, length - width);
    if (shorter === out) ready += apart;
    // Backwards, since a row's shorter window is still needed by the rows after it.
    for (let i = end - 1; i >= ready; i--) out[i] = larger(shorter[i], shorter[i - apart]);
    shorter = out;
    width += apart;
  }
  for (let i = begin; i < Math.min(ready, end); i++) {
    let highest = x[i];
    for (let age = 1; age < length; age++) highest = larger(highest, x[i - age]);
    out[i] = highest;
  }
}

/** Lowest of the last `length` values at each row; see `doubledHighest`. */
export function doubledLowest(x: Float64Array, length: number, out: Float64Array, begin: number, end: number): void {
  let shorter = x;
  let ready = begin;
  for (let width = 1; width < length; ) {
    const apart = Math.min(width, length - width);
    if (shorter === out) ready += apart;
    for (let i = end - 1; i >= ready; i--) out[i] = smaller(shorter[i], shorter[i - apart]);
    shorter = out;
    width += apart;
  }
  for (let i = begin; i < Math.min(ready, end); i++) {
    let lowest = x[i];
    for (let age = 1; age < length; age++) lowest = smaller(lowest, x[i - age]);
    out[i] = lowest;
  }
}
