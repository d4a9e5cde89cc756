import type { Kernel } from '../kernel.ts';

/** x ÷ x `lag` rows ago − 1, a fraction. Undefined where that is zero. */
export function change({ lag }: { lag: number }): Kernel {
  return {
    stateLength: 0,
    history: lag,
    warmUp: lag,
    run(_state, [x], [out], begin, end) {
      for (let i = begin; i < end; i++) {
        const before = x[i - lag];
        out[i] = before === 0 ? Number.NaN : x[i] / before - 1;
      }
    },
  };
}
