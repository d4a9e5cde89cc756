/**
 * Highest of the last `length` values at each row, in three comparisons a row whatever the length (van Herk 1992, Gil
 * and Werman 1993): a window is the end of one block and the beginning of the next. NaN in a window gives NaN.
 *
 * @param x read from row `begin - length + 1` on
 * @param index rows of the series before row `begin`
 * @param ends scratch of `length + 1` values
 */
export function windowHighest(
  x: Float64Array,
  length: number,
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
    let highest = Number.NEGATIVE_INFINITY;
    for (let k = length - 1; k > place; k--) {
      highest = Math.max(highest, x[block - length + k]);
      ends[k] = highest;
    }
    let start = Number.NEGATIVE_INFINITY;
    for (let j = block; j < i; j++) start = Math.max(start, x[j]);
    const stop = Math.min(end, block + length);
    for (; i < stop; i++) {
      start = Math.max(start, x[i]);
      out[i] = Math.max(ends[++place], start);
    }
  }
}

/** Lowest of the last `length` values at each row; see `windowHighest`. */
export function windowLowest(
  x: Float64Array,
  length: number,
  out: Float64Array,
  begin: number,
  end: number,
  index: number,
  ends: Float64Array,
): void {
  let place = index % length;
  ends[length] = Number.POSITIVE_INFINITY;
  for (let i = begin; i < end; place = 0) {
    const block = i - place;
    let lowest = Number.POSITIVE_INFINITY;
    for (let k = length - 1; k > place; k--) {
      lowest = Math.min(lowest, x[block - length + k]);
      ends[k] = lowest;
    }
    let start = Number.POSITIVE_INFINITY;
    for (let j = block; j < i; j++) start = Math.min(start, x[j]);
    const stop = Math.min(end, block + length);
    for (; i < stop; i++) {
      start = Math.min(start, x[i]);
      out[i] = Math.min(ends[++place], start);
    }
  }
}
