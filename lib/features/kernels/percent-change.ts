import type { Kernel } from '../kernel.ts';

/**
 * Doubles of this size are whole numbers: to add it rounds, half to even, and the rest is left when it is taken away.
 */
const ROUNDING = 1.5 * 2 ** 52;

/** Change from the row before, in percent, rounded to 2 decimals, half to even as numpy rounds. */
export function percentChange(): Kernel {
  return {
    history: 1,
    warmUp: 1,
    run(_state, [x], [out], begin, end) {
      for (let i = begin; i < end; i++) {
        const before = x[i - 1];
        const hundredths = (x[i] / before - 1) * 100 * 100;
        out[i] = before === 0 ? Number.NaN : (hundredths + ROUNDING - ROUNDING) / 100;
      }
    },
  };
}
