import type { Kernel } from '../kernel.ts';

/** First input ÷ second input, undefined if the second is zero. */
export function ratio(): Kernel {
  return {
    run(_state, [dividend, divisor], [out], begin, end) {
      for (let i = begin; i < end; i++) out[i] = divisor[i] === 0 ? Number.NaN : dividend[i] / divisor[i];
    },
  };
}
