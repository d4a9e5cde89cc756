import type { Kernel } from '../kernel.ts';
import { extremes } from './extremes.ts';

/**
 * Highest high, middle and lowest low of the last `length` candles, this one included. The middle is half way between
 * the two. Inputs: highest high and lowest low of the last `part` candles.
 */
export function donchian(parameters: { part: number; length: number }): Kernel {
  const kernel = extremes(parameters);
  return {
    ...kernel,
    run(state, inputs, [upper, middle, lower], begin, end, index) {
      kernel.run(state, inputs, [upper, lower], begin, end, index);
      for (let i = begin; i < end; i++) middle[i] = (upper[i] + lower[i]) / 2;
    },
  };
}
