import type { Kernel } from '../kernel.ts';

/** Distance of the first input from the second (its mean), in units of the third (its deviation); undefined at zero. */
export function zscore(): Kernel {
  return {
    run(_state, [x, mean, deviation], [out], begin, end) {
      for (let i = begin; i < end; i++) {
        out[i] = deviation[i] === 0 ? Number.NaN : (x[i] - mean[i]) / deviation[i];
      }
    },
  };
}
