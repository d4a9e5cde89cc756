import type { Kernel } from '../kernel.ts';
import { windowSums } from '../windows/window-sums.ts';

const { max, sqrt } = Math;

/**
 * Square root of the mean of the last `length` values; a mean below zero, which only rounding can give, counts as 0.
 */
export function rootMean({ length }: { length: number }): Kernel {
  const ends = new Float64Array(length + 1);
  return {
    history: length - 1,
    warmUp: length - 1,
    run(_state, [x], [out], begin, end, index) {
      windowSums(x, length, out, begin, end, index, ends);
      for (let i = begin; i < end; i++) out[i] = sqrt(max(out[i] / length, 0));
    },
  };
}
