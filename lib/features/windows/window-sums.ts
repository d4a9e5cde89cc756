/**
 * Sum of the last `length` values at each row, without ever subtracting: the values of a window are the end of one
 * block of `length` rows and the beginning of the next, so a running sum backwards over the one and forwards over the
 * other give every window with three additions a row. A huge value that leaves the window leaves no trace, and nothing
 * drifts. Blocks are anchored to the row's index in the series. A window that holds NaN has the sum NaN.
 *
 * @param x read from row `begin - length + 1` on
 * @param index rows of the series before row `begin`
 * @param ends scratch of `length + 1` values
 */
export function windowSums(
  x: Float64Array,
  length: number,
  out: Float64Array,
  begin: number,
  end: number,
  index: number,
  ends: Float64Array,
): void {
  let place = index % length;
  ends[length] = 0;
  for (let i = begin; i < end; place = 0) {
    const block = i - place;
    let sum = 0;
    for (let k = length - 1; k > place; k--) {
      sum += x[block - length + k];
      ends[k] = sum;
    }
    let start = 0;
    for (let j = block; j < i; j++) start += x[j];
    const stop = Math.min(end, block + length);
    for (; i < stop; i++) {
      start += x[i];
      out[i] = ends[++place] + start;
    }
  }
}
