import type { Kernel } from '../kernel.ts';
import { windowHighest, windowLowest } from '../windows/window-extremes.ts';

/**
 * Raw stochastic: where the close lies between the lowest low and the highest high of the last `length` candles, 0 to
 * 100; 0 where these are equal, as TA-Lib has it. Second output: the lowest low. Inputs: high, low, close.
 */
export function stochFast({ length }: { length: number }): Kernel {
  const ends = new Float64Array(length + 1);
  return {
    stateLength: 0,
    history: length - 1,
    warmUp: length - 1,
    run(_state, [high, low, close], [out, lowest], begin, end, index) {
      windowHighest(high, length, out, begin, end, index, ends);
      windowLowest(low, length, lowest, begin, end, index, ends);
      for (let i = begin; i < end; i++) {
        const span = out[i] - lowest[i];
        out[i] = span === 0 ? 0 : (100 * (close[i] - lowest[i])) / span;
      }
    },
  };
}
