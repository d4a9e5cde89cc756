import type { Kernel } from '../kernel.ts';

/** Median price, the middle between high and low. TA-Lib MEDPRICE. */
export function medianPrice(): Kernel {
  return {
    run(_state, [high, low], [out], begin, end) {
      for (let i = begin; i < end; i++) out[i] = (high[i] + low[i]) / 2;
    },
  };
}
