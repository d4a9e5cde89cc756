import type { Kernel } from '../kernel.ts';

/** The value `lag` rows ago. */
export function lagged({ lag }: { lag: number }): Kernel {
  return {
    history: lag,
    warmUp: lag,
    run(_state, [x], [out], begin, end) {
      for (let i = begin; i < end; i++) out[i] = x[i - lag];
    },
  };
}
