import type { Kernel } from '../kernel.ts';
import { windowHighest } from '../windows/window-extremes.ts';

/**
 * Williams %R, −100 to 0: how far the close lies below the highest high of `length` candles, in percent of their range;
 * 0 where that is zero, as TA-Lib WILLR has it. Inputs: high, close, lowest low of `length` candles.
 */
export function willr({ length }: { length: number }): Kernel {
  const ends = new Float64Array(length + 1);
  return {
    stateLength: 0,
    history: length - 1,
    warmUp: 0,
    run(_state, [high, close, lowest], [out], begin, end, index) {
      windowHighest(high, length, out, begin, end, index, ends);
      for (let i = begin; i < end; i++) {
        const span = out[i] - lowest[i];
        out[i] = span === 0 ? 0 : (-100 * (out[i] - close[i])) / span;
      }
    },
  };
}
