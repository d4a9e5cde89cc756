import type { Kernel } from '../kernel.ts';
import { windowSums } from '../windows/window-sums.ts';

/**
 * Sum of the last `length` of the first input ÷ that of the second, undefined if that is zero. Second output: the sum
 * of the second.
 */
export function sumRatio({ length }: { length: number }): Kernel {
  const ends = new Float64Array(length + 1);
  return {
    history: length - 1,
    warmUp: length - 1,
    run(_state, [dividend, divisor], [out, divisors], begin, end, index) {
      windowSums(dividend, length, out, begin, end, index, ends);
      windowSums(divisor, length, divisors, begin, end, index, ends);
      for (let i = begin; i < end; i++) out[i] = divisors[i] === 0 ? Number.NaN : out[i] / divisors[i];
    },
  };
}
