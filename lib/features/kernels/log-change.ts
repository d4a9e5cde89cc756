import type { Kernel } from '../kernel.ts';
import { logRatio } from './log-ratio.ts';

/** Natural logarithm of x ÷ x `lag` rows ago. Undefined unless both are above zero. */
export function logChange({ lag }: { lag: number }): Kernel {
  return {
    history: lag,
    warmUp: lag,
    run(_state, [x], [out], begin, end) {
      for (let i = begin; i < end; i++) {
        const before = x[i - lag];
        out[i] = before > 0 && x[i] > 0 ? logRatio(x[i], before) : Number.NaN;
      }
    },
  };
}
