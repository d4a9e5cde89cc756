import type { Side } from './further.ts';

const { max } = Math;

/**
 * Writes the highest (side 1) or the lowest (side −1) of the last `length` values at each row. It takes three
 * comparisons per row for any length (van Herk 1992, Gil and Werman 1993), because a window is the end of one block and
 * the beginning of the next. A window that contains NaN gives NaN.
 *
 * @param x read from row `begin - length + 1` on
 * @param index rows of the series before row `begin`
 * @param ends scratch of `length + 1` values
 */
export function windowExtremes(
  x: Float64Array,
  length: number,
  side: Side,
  out: Float64Array,
  begin: number,
  end: number,
  index: number,
  ends: Float64Array,
): void {
  let place = index % length;
  ends[length] = Number.NEGATIVE_INFINITY;
  for (let i = begin; i < end; place = 0) {
    const block = i - place;
    let furthest = Number.NEGATIVE_INFINITY;
    for (let k = length - 1; k > place; k--) {
      furthest = max(furthest, side * x[block - length + k]);
      ends[k] = furthest;
    }
    let start = Number.NEGATIVE_INFINITY;
    for (let j = block; j < i; j++) start = max(start, side * x[j]);
    const stop = Math.min(end, block + length);
    for (; i < stop; i++) {
      start = max(start, side * x[i]);
      out[i] = side * max(ends[++place], start);
    }
  }
}
