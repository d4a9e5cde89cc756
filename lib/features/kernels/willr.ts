import type { Kernel } from '../kernel.ts';

/**
 * Williams %R, −100 to 0: how far a value lies below the highest of a window, in percent of the window's range; 0 if
 * that is zero, as TA-Lib WILLR has it. Inputs: highest, lowest, the value.
 */
export function willr(): Kernel {
  return {
    run(_state, [highest, lowest, x], [out], begin, end) {
      for (let i = begin; i < end; i++) {
        const span = highest[i] - lowest[i];
        out[i] = span === 0 ? 0 : (-100 * (highest[i] - x[i])) / span;
      }
    },
  };
}
