import type { Kernel } from '../kernel.ts';

/** Triple exponential average from an EMA, its EMA, and the EMA of that: 3 × (first − second) + third. TA-Lib TEMA. */
export function tema(): Kernel {
  return {
    run(_state, [once, twice, thrice], [out], begin, end) {
      for (let i = begin; i < end; i++) out[i] = 3 * (once[i] - twice[i]) + thrice[i];
    },
  };
}
