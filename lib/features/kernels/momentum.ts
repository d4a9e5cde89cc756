import type { Kernel } from '../kernel.ts';

/** Change over `length` rows, in the unit of x. TA-Lib MOM. */
export function momentum({ length }: { length: number }): Kernel {
  return {
    history: length,
    warmUp: length,
    run(_state, [x], [out], begin, end) {
      for (let i = begin; i < end; i++) out[i] = x[i] - x[i - length];
    },
  };
}
