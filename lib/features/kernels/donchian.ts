import type { Kernel } from '../kernel.ts';
import { widerHighest, widerLowest } from '../windows/wider-extremes.ts';

/**
 * Highest high and lowest low of the last `length` candles, this one included, and half way between. Inputs: highest high
 * and lowest low of the last `part`.
 */
export function donchian({ part, length }: { part: number; length: number }): Kernel {
  return {
    stateLength: 0,
    history: length - part,
    warmUp: length - part,
    run(_state, [high, low], [upper, middle, lower], begin, end) {
      widerHighest(high, part, length, upper, begin, end);
      widerLowest(low, part, length, lower, begin, end);
      for (let i = begin; i < end; i++) middle[i] = (upper[i] + lower[i]) / 2;
    },
  };
}
