import type { Kernel } from '../kernel.ts';
import { allocateShapeEnds, windowShape } from '../windows/window-shape.ts';
import { RETURN_ROUNDING } from './return-rounding.ts';

const { sqrt } = Math;

/**
 * Sample skewness G1 and sample excess kurtosis G2 (Joanes and Gill 1998) of the last `length` log returns, as pandas
 * `rolling(n).skew()` and `.kurt()`. Undefined if the returns differ by no more than their rounding. Third output: the
 * sum of squared deviations.
 */
export function skewKurtosis({ length }: { length: number }): Kernel {
  const ends = allocateShapeEnds(length);
  const n = length;
  const skewFactor = (n * sqrt(n - 1)) / (n - 2);
  const kurtosisFactor = (n * (n + 1) * (n - 1)) / ((n - 2) * (n - 3));
  const normal = (3 * (n - 1) * (n - 1)) / ((n - 2) * (n - 3));
  const least = n * RETURN_ROUNDING * RETURN_ROUNDING;
  return {
    history: length - 1,
    warmUp: length - 1,
    run(_state, [x], [skew, kurtosis, squares], begin, end, index) {
      windowShape(x, length, squares, skew, kurtosis, begin, end, index, ends);
      for (let i = begin; i < end; i++) {
        const sum = squares[i];
        const known = sum > least;
        skew[i] = known ? (skewFactor * skew[i]) / (sum * sqrt(sum)) : Number.NaN;
        kurtosis[i] = known ? (kurtosisFactor * kurtosis[i]) / (sum * sum) - normal : Number.NaN;
      }
    },
  };
}
