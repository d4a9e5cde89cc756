import { type Kernel, stateless } from '../kernel.ts';
import type { Twin } from '../twin.ts';
import { allocateAutocovarianceEnds, windowAutocovariance } from '../windows/window-autocovariance.ts';
import { allocateShapeEnds, windowShape } from '../windows/window-shape.ts';

const { sqrt } = Math;

/**
 * A log return is the logarithm of a number near 1, which a double holds to about 1e-16. Returns whose deviation is not
 * above this are equal as far as anyone can tell, and statistics of their shape would be statistics of rounding.
 */
export const RETURN_ROUNDING = 1e-14;

/**
 * Sample autocorrelation at lag 1 of the last `length` log returns (Box and Jenkins 1976): the sum of products of
 * neighbouring deviations from the window's mean ÷ the sum of squared deviations; between −1 and 1. Undefined if the
 * returns differ by no more than their rounding. Second output: the sum of squared deviations.
 */
export function autocorrelation({ length }: { length: number }): Kernel {
  const ends = allocateAutocovarianceEnds(length);
  const least = length * RETURN_ROUNDING * RETURN_ROUNDING;
  const kernel = stateless(([x], [out, squares], begin, end, index) => {
    windowAutocovariance(x, length, squares, out, begin, end, index, ends);
    for (let i = begin; i < end; i++) out[i] = squares[i] > least ? out[i] / squares[i] : Number.NaN;
  }, length - 1);
  const scratch = 6 * (length + 1);
  return {
    ...kernel,
    twin: { name: 'autocorrelation', parameters: [length, least], constants: ends.inverse, scratch },
  };
}

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
  const kernel = stateless(([x], [skew, kurtosis, squares], begin, end, index) => {
    windowShape(x, length, squares, skew, kurtosis, begin, end, index, ends);
    for (let i = begin; i < end; i++) {
      const sum = squares[i];
      const known = sum > least;
      skew[i] = known ? (skewFactor * skew[i]) / (sum * sqrt(sum)) : Number.NaN;
      kurtosis[i] = known ? (kurtosisFactor * kurtosis[i]) / (sum * sum) - normal : Number.NaN;
    }
  }, length - 1);
  const parameters = [length, least, skewFactor, kurtosisFactor, normal];
  const twin: Twin = { name: 'skewKurtosis', parameters, constants: ends.inverse, scratch: 8 * (length + 1) };
  return { ...kernel, twin };
}
