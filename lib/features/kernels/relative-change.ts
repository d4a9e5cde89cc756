import type { Kernel } from '../kernel.ts';

/** First input ÷ second input `lag` rows ago − 1, a fraction. Undefined if the divisor is zero. */
export function relativeChange({ lag = 0 }: { lag?: number }): Kernel {
  return {
    history: lag,
    warmUp: lag,
    run(_state, [x, base], [out], begin, end) {
      for (let i = begin; i < end; i++) {
        const before = base[i - lag];
        out[i] = before === 0 ? Number.NaN : x[i] / before - 1;
      }
    },
  };
}
