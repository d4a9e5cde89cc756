import type { Kernel } from '../kernel.ts';
import { windowWeightedSums } from '../windows/window-weighted-sums.ts';

/** Linearly weighted moving average: weight 1 for the oldest value, `length` for the latest. TA-Lib WMA. */
export function wma({ length }: { length: number }): Kernel {
  const ends = new Float64Array(length + 1);
  const weights = (length * (length + 1)) / 2;
  return {
    history: length - 1,
    warmUp: length - 1,
    run(_state, [x], [out], begin, end, index) {
      windowWeightedSums(x, length, out, begin, end, index, ends);
      for (let i = begin; i < end; i++) out[i] /= weights;
    },
  };
}
