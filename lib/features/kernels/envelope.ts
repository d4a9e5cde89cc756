import type { Kernel } from '../kernel.ts';

/** Upper, middle and lower: the middle, and `widths` times the width above and below it. Inputs: middle, width. */
export function envelope({ widths }: { widths: number }): Kernel {
  return {
    run(_state, [x, width], [upper, middle, lower], begin, end) {
      for (let i = begin; i < end; i++) {
        const half = widths * width[i];
        upper[i] = x[i] + half;
        middle[i] = Number.isNaN(half) ? Number.NaN : x[i];
        lower[i] = x[i] - half;
      }
    },
  };
}
