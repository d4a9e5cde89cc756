import type { Kernel } from '../kernel.ts';

/** First input × second input. */
export function product(): Kernel {
  return {
    run(_state, [a, b], [out], begin, end) {
      for (let i = begin; i < end; i++) out[i] = a[i] * b[i];
    },
  };
}
