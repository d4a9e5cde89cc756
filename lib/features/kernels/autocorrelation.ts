import type { Kernel } from '../kernel.ts';
import { allocateAutocovarianceEnds, windowAutocovariance } from '../windows/window-autocovariance.ts';
import { RETURN_ROUNDING } from './return-rounding.ts';

/**
 * Sample autocorrelation at lag 1 of the last `length` log returns (Box and Jenkins 1976): the sum of products of
 * neighbouring deviations from the window's mean ÷ the sum of squared deviations; between −1 and 1. Undefined if the
 * returns differ by no more than their rounding. Second output: the sum of squared deviations.
 */
export function autocorrelation({ length }: { length: number }): Kernel {
  const ends = allocateAutocovarianceEnds(length);
  const least = length * RETURN_ROUNDING * RETURN_ROUNDING;
  return {
    history: length - 1,
    warmUp: length - 1,
    run(_state, [x], [out, squares], begin, end, index) {
      windowAutocovariance(x, length, squares, out, begin, end, index, ends);
      for (let i = begin; i < end; i++) out[i] = squares[i] > least ? out[i] / squares[i] : Number.NaN;
    },
  };
}
