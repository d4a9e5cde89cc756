import type { Kernel } from '../kernel.ts';

/** Rate of change in percent over `length` rows. TA-Lib ROC, which gives 0 if the earlier value is zero. */
export function roc({ length }: { length: number }): Kernel {
  return {
    history: length,
    warmUp: length,
    run(_state, [x], [out], begin, end) {
      for (let i = begin; i < end; i++) {
        const before = x[i - length];
        out[i] = before === 0 ? 0 : (x[i] / before - 1) * 100;
      }
    },
  };
}
