import type { Kernel } from '../kernel.ts';

/**
 * Balance of power, −1 to 1 (Livshin 2001): (close − open) ÷ (high − low), 0 if that is zero. TA-Lib BOP. Inputs:
 * open, high, low, close.
 */
export function bop(): Kernel {
  return {
    run(_state, [open, high, low, close], [out], begin, end) {
      for (let i = begin; i < end; i++) {
        const range = high[i] - low[i];
        out[i] = range < 1e-14 ? 0 : (close[i] - open[i]) / range;
      }
    },
  };
}
