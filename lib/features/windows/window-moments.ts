/** Returns scratch of `windowMoments`: count, mean and sum of squared deviations of the ends of a block. */
export function allocateMomentEnds(length: number) {
  const values = () => new Float64Array(length + 1);
  return { count: values(), mean: values(), squares: values() };
}

type MomentEnds = ReturnType<typeof allocateMomentEnds>;

/**
 * Mean and variance of the defined values among the last `length`, at each row. As in `windowSums` a window is the end
 * of one block and the beginning of the next, and nothing is subtracted out again, so there is no drift. Sums are of
 * the distances from the block's first value and of their squares: that value is in every window of the block, so the
 * squares are at most `length` times what remains of them, which bounds the cancellation, and equal values have
 * variance
 * 0. That value may be missing in a window with undefined values. Such a window is computed by Welford's method
 * instead, row by row. The method of a row depends on its window alone.
 *
 * Rows are NaN if the window holds fewer than `least` defined values or begins before the series does; the variance
 * of a sample of one is NaN too.
 *
 * @param x read from row `begin - length + 1` on
 * @param less 0 for the variance of a population, 1 for that of a sample
 * @param index rows of the series before row `begin`
 */
export function windowMoments(
  x: Float64Array,
  length: number,
  least: number,
  less: 0 | 1,
  meanOut: Float64Array,
  varianceOut: Float64Array,
  begin: number,
  end: number,
  index: number,
  ends: MomentEnds,
): void {
  const { mean: endSums, squares: endSquares } = ends;
  const share = 1 / length;
  const divisor = length - less;
  let place = index % length;
  let gaps = false;
  for (let i = begin; i < end; place = 0) {
    const block = i - place;
    const origin = x[block];
    let sum = 0;
    let squares = 0;
    for (let k = length - 1; k > place; k--) {
      const off = x[block - length + k] - origin;
      sum += off;
      squares += off * off;
      endSums[k] = sum;
      endSquares[k] = squares;
    }
    if (Number.isNaN(sum)) gaps = true;
    sum = 0;
    squares = 0;
    for (let j = block; j < i; j++) {
      const off = x[j] - origin;
      sum += off;
      squares += off * off;
    }
    const stop = Math.min(end, block + length);
    for (; i < stop; i++) {
      const off = x[i] - origin;
      sum += off;
      squares += off * off;
      const all = sum + endSums[++place];
      const mean = all * share;
      const rest = squares + endSquares[place] - all * mean;
      meanOut[i] = origin + mean;
      // Only rounding can make it negative. A comparison with NaN keeps NaN.
      varianceOut[i] = rest < 0 ? 0 : rest / divisor;
    }
    if (Number.isNaN(sum)) gaps = true;
  }
  if (gaps) definedMoments(x, length, least, less, meanOut, varianceOut, begin, end, index, ends);
}

/**
 * Rows of which `windowMoments` has made NaN, over their defined values: Welford (1962), joined by Chan, Golub and
 * LeVeque (1979).
 */
function definedMoments(
  x: Float64Array,
  length: number,
  least: number,
  less: 0 | 1,
  meanOut: Float64Array,
  varianceOut: Float64Array,
  begin: number,
  end: number,
  index: number,
  ends: MomentEnds,
): void {
  const { count: endCount, mean: endMean, squares: endSquares } = ends;
  const firstFull = begin + Math.max(0, length - 1 - index);
  const needed = Math.max(least, 1);
  let place = index % length;
  for (let i = begin; i < end; place = 0) {
    const block = i - place;
    fillDefinedEnds(x, block, length, place, ends);
    let count = 0;
    let mean = 0;
    let squares = 0;
    const stop = Math.min(end, block + length);
    for (let j = block; j < stop; j++) {
      const value = x[j];
      if (!Number.isNaN(value)) {
        count++;
        const off = value - mean;
        mean += off / count;
        squares += off * (value - mean);
      }
      if (j < i) continue;
      const before = endCount[++place];
      if (!Number.isNaN(varianceOut[j])) continue;
      const all = before + count;
      if (all < needed || j < firstFull) {
        meanOut[j] = Number.NaN;
        varianceOut[j] = Number.NaN;
      } else {
        const apart = endMean[place] - mean;
        const share = before / all;
        meanOut[j] = mean + apart * share;
        varianceOut[j] = (squares + endSquares[place] + apart * apart * share * count) / (all - less);
      }
    }
    i = stop;
  }
}

/** Goes backwards over the defined values of the block before row `block`, down to its place after `place`. */
function fillDefinedEnds(x: Float64Array, block: number, length: number, place: number, ends: MomentEnds): void {
  const { count: endCount, mean: endMean, squares: endSquares } = ends;
  let count = 0;
  let mean = 0;
  let squares = 0;
  for (let k = length - 1; k > place; k--) {
    const value = x[block - length + k];
    if (!Number.isNaN(value)) {
      count++;
      const off = value - mean;
      mean += off / count;
      squares += off * (value - mean);
    }
    endCount[k] = count;
    endMean[k] = mean;
    endSquares[k] = squares;
  }
}
