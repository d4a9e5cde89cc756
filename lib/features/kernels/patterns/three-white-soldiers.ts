import type { Kernel } from '../../kernel.ts';

/**
 * Three rises with hardly an upper shadow, each opening in or near the body before and not far shorter than it, the
 * last one not short: 1. TA-Lib CDL3WHITESOLDIERS. What is rarest is asked first. Inputs: open, close, upper shadow,
 * sum of 10 bodies, sums of 10 ranges for each of the three candles, sums of 5 ranges for the first two.
 */
export function threeWhiteSoldiers(): Kernel {
  return {
    history: 2,
    run(_state, [open, close, upper, bodies, ranges2, ranges1, ranges, five2, five1], [out], begin, end) {
      for (let i = begin; i < end; i++) {
        const body = close[i] - open[i];
        const body1 = close[i - 1] - open[i - 1];
        const body2 = close[i - 2] - open[i - 2];
        const shaven =
          Number(upper[i] < 0.1 * (ranges[i] / 10)) &
          Number(upper[i - 1] < 0.1 * (ranges1[i - 1] / 10)) &
          Number(upper[i - 2] < 0.1 * (ranges2[i - 2] / 10));
        const found =
          shaven === 1 &&
          body >= 0 &&
          body1 >= 0 &&
          body2 >= 0 &&
          close[i] > close[i - 1] &&
          close[i - 1] > close[i - 2] &&
          open[i - 1] > open[i - 2] &&
          open[i - 1] <= close[i - 2] + 0.2 * (five2[i - 2] / 5) &&
          open[i] > open[i - 1] &&
          open[i] <= close[i - 1] + 0.2 * (five1[i - 1] / 5) &&
          body1 > body2 - 0.6 * (five2[i - 2] / 5) &&
          body > body1 - 0.6 * (five1[i - 1] / 5) &&
          body > bodies[i] / 10;
        out[i] = Number.isNaN(bodies[i]) ? Number.NaN : found ? 1 : 0;
      }
    },
  };
}
