import type { Kernel } from '../kernel.ts';

/** 2 × first input − second: a faster average corrected by a slower one. Of an EMA and its own EMA, TA-Lib DEMA. */
export function twiceLess(): Kernel {
  return {
    run(_state, [fast, slow], [out], begin, end) {
      for (let i = begin; i < end; i++) out[i] = 2 * fast[i] - slow[i];
    },
  };
}
