import type { Kernel } from '../kernel.ts';

/**
 * Width of a band relative to its middle, and the place of x in it: 0 at the lower edge, 1 at the upper. The place is
 * undefined if the band has no width. Inputs: x, upper, middle, lower.
 */
export function bandPlace(): Kernel {
  return {
    run(_state, [x, upper, middle, lower], [width, percent], begin, end) {
      for (let i = begin; i < end; i++) {
        const span = upper[i] - lower[i];
        width[i] = middle[i] === 0 ? Number.NaN : span / middle[i];
        percent[i] = span === 0 ? Number.NaN : (x[i] - lower[i]) / span;
      }
    },
  };
}
