import type { Kernel } from '../../kernel.ts';

/**
 * After a rise three falls with hardly a lower shadow, each opening in the body before and closing lower, the first
 * below the high of the rise: −1. TA-Lib CDL3BLACKCROWS. What is rarest is asked first. Inputs: open, high, close,
 * lower shadow, sums of 10 ranges for each of the three.
 */
export function threeBlackCrows(): Kernel {
  return {
    history: 3,
    run(_state, [open, high, close, lower, ranges2, ranges1, ranges], [out], begin, end) {
      for (let i = begin; i < end; i++) {
        const shaven =
          Number(lower[i] < 0.1 * (ranges[i] / 10)) &
          Number(lower[i - 1] < 0.1 * (ranges1[i - 1] / 10)) &
          Number(lower[i - 2] < 0.1 * (ranges2[i - 2] / 10));
        const found =
          shaven === 1 &&
          close[i - 3] >= open[i - 3] &&
          close[i - 2] < open[i - 2] &&
          close[i - 1] < open[i - 1] &&
          close[i] < open[i] &&
          open[i - 1] < open[i - 2] &&
          open[i - 1] > close[i - 2] &&
          open[i] < open[i - 1] &&
          open[i] > close[i - 1] &&
          high[i - 3] > close[i - 2] &&
          close[i - 2] > close[i - 1] &&
          close[i - 1] > close[i];
        out[i] = Number.isNaN(ranges[i]) ? Number.NaN : found ? -1 : 0;
      }
    },
  };
}
