import type { Kernel } from '../kernel.ts';

const { sqrt } = Math;

/**
 * Bollinger bands: upper, middle and lower. TA-Lib BBANDS over a simple average, with the standard deviation of the
 * population. Inputs: variance, mean.
 */
export function bollinger({ deviations }: { deviations: number }): Kernel {
  return {
    stateLength: 0,
    history: 0,
    warmUp: 0,
    run(_state, [variance, mean], [upper, middle, lower], begin, end) {
      for (let i = begin; i < end; i++) {
        const half = deviations * sqrt(variance[i]);
        upper[i] = mean[i] + half;
        middle[i] = mean[i];
        lower[i] = mean[i] - half;
      }
    },
  };
}
