import type { Kernel } from '../kernel.ts';

const { log } = Math;
const LAGS = [1, 2, 4, 8, 16, 32] as const;
// Least squares over ln(lag), half of the slope, since the mean square grows with the lag to the power of 2H.
const CENTRE = LAGS.reduce((sum, lag) => sum + Math.log(lag), 0) / LAGS.length;
const SPREAD = LAGS.reduce((sum, lag) => sum + (Math.log(lag) - CENTRE) ** 2, 0);
const SLOPES = LAGS.map((lag) => (Math.log(lag) - CENTRE) / SPREAD / 2);

/**
 * Generalised Hurst exponent with q = 2 (Di Matteo 2007) of the last `length` values, log prices: half of the slope, by
 * least squares, of the logarithm of the mean squared change over a lag on the logarithm of the lag, for lags 1, 2, 4, 8,
 * 16 and 32 inside the window. 0.5 for a random walk, more where moves go on, less where they turn back. Undefined where
 * no change of some lag is other than zero.
 */
export function hurst({ length }: { length: number }): Kernel {
  const ends = new Float64Array(length);
  return {
    stateLength: 0,
    history: length - 1,
    warmUp: length - 1,
    run(_state, [x], [out], begin, end, index) {
      out.fill(0, begin, end);
      for (let k = 0; k < LAGS.length; k++) {
        addLag(x, LAGS[k], length - LAGS[k], SLOPES[k], out, begin, end, index, ends);
      }
    },
  };
}

/**
 * Adds slope × ln(mean of the last `count` squared changes over `lag`) to `out`; NaN where the mean is zero. Windows are
 * made as in `windowSums`, which says why.
 */
function addLag(
  x: Float64Array,
  lag: number,
  count: number,
  slope: number,
  out: Float64Array,
  begin: number,
  end: number,
  index: number,
  ends: Float64Array,
): void {
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
      out[i] += mean > 0 ? slope * log(mean) : Number.NaN;
    }
  }
}
