import type { Kernel } from '../kernel.ts';
import { windowHighest, windowLowest } from '../windows/window-extremes.ts';

/** Highest high and lowest low of the last `length` candles, this one included, and half way between. Inputs: high, low. */
export function donchian({ length }: { length: number }): Kernel {
  const ends = new Float64Array(length + 1);
  return {
    stateLength: 0,
    history: length - 1,
    warmUp: length - 1,
    run(_state, [high, low], [upper, middle, lower], begin, end, index) {
      windowHighest(high, length, upper, begin, end, index, ends);
      windowLowest(low, length, lower, begin, end, index, ends);
      for (let i = begin; i < end; i++) middle[i] = (upper[i] + lower[i]) / 2;
    },
  };
}
