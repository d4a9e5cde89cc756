import type { Kernel } from '../kernel.ts';

const { sqrt } = Math;

/**
 * Square root of x × n ÷ (n − less): of the variance of a population of n, with `less` 1, the standard deviation of a
 * sample.
 */
export function squareRoot({ n, less }: { n: number; less: number }): Kernel {
  const factor = n / (n - less);
  return {
    run(_state, [x], [out], begin, end) {
      for (let i = begin; i < end; i++) out[i] = sqrt(x[i] * factor);
    },
  };
}
