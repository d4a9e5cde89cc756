import { larger, smaller } from './larger.ts';

/**
 * Highest of the last `length` values at each row, out of the highest of the last `part` values at this and earlier rows:
 * windows overlap without harm, so a few of them make a longer one. Read from row `begin - length + part` on.
 */
export function widerHighest(
  highest: Float64Array,
  part: number,
  length: number,
  out: Float64Array,
  begin: number,
  end: number,
): void {
  const oldest = length - part;
  for (let i = begin; i < end; i++) {
    let top = larger(highest[i], highest[i - oldest]);
    for (let age = part; age < oldest; age += part) top = larger(top, highest[i - age]);
    out[i] = top;
  }
}

/** Lowest of the last `length` values at each row; see `widerHighest`. */
export function widerLowest(
  lowest: Float64Array,
  part: number,
  length: number,
  out: Float64Array,
  begin: number,
  end: number,
): void {
  const oldest = length - part;
  for (let i = begin; i < end; i++) {
    let bottom = smaller(lowest[i], lowest[i - oldest]);
    for (let age = part; age < oldest; age += part) bottom = smaller(bottom, lowest[i - age]);
    out[i] = bottom;
  }
}
