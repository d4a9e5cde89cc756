import type { Kernel } from '../kernel.ts';

/** Typical price, the mean of high, low and close. TA-Lib TYPPRICE. */
export function typicalPrice(): Kernel {
  return {
    run(_state, [high, low, close], [out], begin, end) {
      for (let i = begin; i < end; i++) out[i] = (high[i] + low[i] + close[i]) / 3;
    },
  };
}
