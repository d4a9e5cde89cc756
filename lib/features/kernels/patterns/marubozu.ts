import type { Kernel } from '../../kernel.ts';

/**
 * A body longer than average with hardly a shadow, 1 for a rise and −1 for a fall. TA-Lib CDLMARUBOZU. Inputs: open,
 * close, body, upper and lower shadow, sums of 10 bodies and of 10 ranges.
 */
export function marubozu(): Kernel {
  return {
    run(_state, [open, close, body, upper, lower, bodies, ranges], [out], begin, end) {
      for (let i = begin; i < end; i++) {
        const most = 0.1 * (ranges[i] / 10);
        const found = Number(body[i] > bodies[i] / 10) & Number(upper[i] < most) & Number(lower[i] < most);
        out[i] = Number.isNaN(most) ? Number.NaN : 2 * (found & Number(close[i] >= open[i])) - found;
      }
    },
  };
}
