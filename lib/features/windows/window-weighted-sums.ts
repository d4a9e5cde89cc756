/**
 * Weighted sum of the last `length` values at each row, weight 1 for the oldest and `length` for the latest. As in
 * `windowSums` a window is the end of one block and the beginning of the next, and nothing is subtracted out again:
 * four additions and one product a row, no drift. A window that holds NaN has the sum NaN.
 *
 * @param x read from row `begin - length + 1` on
 * @param index rows of the series before row `begin`
 * @param ends scratch of `length + 1` values
 */
export function windowWeightedSums(
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
    let weighted = 0;
    for (let k = length - 1; k > place; k--) {
      sum += x[block - length + k];
      weighted += sum;
      ends[k] = weighted;
    }
    let start = 0;
    let startWeighted = 0;
    const stop = Math.min(end, block + length);
    for (let j = block; j < stop; j++) {
      const rank = j - block + 1;
      start += x[j];
      startWeighted += rank * x[j];
      if (j >= i) out[j] = ends[rank] + (length - rank) * start + startWeighted;
    }
    i = stop;
  }
}
