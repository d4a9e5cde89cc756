import { type Kernel, stateless } from '../kernel.ts';

const { abs, log } = Math;
const MAX = Number.MAX_VALUE;
const LAGS = [1, 2, 4, 8, 16, 32] as const;
// Least squares over ln(lag), half of the slope, since the mean square grows with the lag to the power of 2H. The lags
// are powers of two, so all weights are odd multiples, −5 to 5, of one number: the sum of weighted logarithms is that
// number times the logarithm of one product.
const POWERS = [-5, -3, -1, 1, 3, 5] as const;
const WEIGHT = 1 / (35 * 2 * Math.LN2);

/**
 * Generalised Hurst exponent with q = 2 (Di Matteo 2007) of the last `length` values, log prices: half of the slope, by
 * least squares, of the logarithm of the mean squared change over a lag on the logarithm of the lag, for lags 1, 2, 4,
 * 8, 16 and 32 inside the window. 0.5 for a random walk, more if moves continue, less if they turn back. Undefined
 * if no change of some lag is other than zero.
 */
export function hurst({ length }: { length: number }): Kernel {
  const ends = new Float64Array(length);
  return stateless(([x], [out], begin, end, index) => {
    out.fill(1, begin, end);
    for (let k = 0; k < LAGS.length; k++) {
      multiplyByLag(x, LAGS[k], length - LAGS[k], POWERS[k], out, begin, end, index, ends);
    }
    // Zero and infinity come of a mean that is zero.
    for (let i = begin; i < end; i++) out[i] = out[i] > 0 && out[i] < MAX ? WEIGHT * log(out[i]) : Number.NaN;
  }, length - 1);
}

/**
 * Multiplies `out` by the mean of the last `count` squared changes over `lag`, to an odd power. Windows are made as in
 * `windowSums`, which says why.
 */
function multiplyByLag(
  x: Float64Array,
  lag: number,
  count: number,
  power: number,
  out: Float64Array,
  begin: number,
  end: number,
  index: number,
  ends: Float64Array,
): void {
  const size = abs(power);
  let place = index % count;
  ends[count] = 0;
  for (let i = begin; i < end; place = 0) {
    const block = i - place;
    let sum = 0;
    for (let k = count - 1; k > place; k--) {
      const change = x[block - count + k] - x[block - count + k - lag];
      sum += change * change;
      ends[k] = sum;
    }
    let start = 0;
    for (let j = block; j < i; j++) {
      const change = x[j] - x[j - lag];
      start += change * change;
    }
    const stop = Math.min(end, block + count);
    for (; i < stop; i++) {
      const change = x[i] - x[i - lag];
      start += change * change;
      const mean = (ends[++place] + start) / count;
      let factor = mean;
      for (let k = size; k > 1; k -= 2) factor *= mean * mean;
      out[i] = power < 0 ? out[i] / factor : out[i] * factor;
    }
  }
}
