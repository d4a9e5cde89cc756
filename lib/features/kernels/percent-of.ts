import type { Kernel } from '../kernel.ts';

/** First input as a percentage of the second; 0 if that is zero, as TA-Lib NATR has it. */
export function percentOf(): Kernel {
  return {
    run(_state, [part, whole], [out], begin, end) {
      for (let i = begin; i < end; i++) out[i] = whole[i] === 0 ? 0 : (part[i] / whole[i]) * 100;
    },
  };
}
