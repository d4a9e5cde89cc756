import type { Kernel } from '../kernel.ts';

const { sqrt } = Math;

/**
 * Volatility by Yang and Zhang 2000, which neither drift nor gaps between candles bias: the variance from close to open
 * + k × that from open to close + (1 − k) × that of Rogers and Satchell, with the k of least variance. Inputs: sample
 * variance of the log returns from close to open, of those from open to close, Rogers and Satchell's volatility, all
 * over `length` candles.
 */
export function yangZhang({ length }: { length: number }): Kernel {
  const k = 0.34 / (1.34 + (length + 1) / (length - 1));
  return {
    run(_state, [between, within, rogersSatchell], [out], begin, end) {
      for (let i = begin; i < end; i++) {
        out[i] = sqrt(between[i] + k * within[i] + (1 - k) * rogersSatchell[i] * rogersSatchell[i]);
      }
    },
  };
}
