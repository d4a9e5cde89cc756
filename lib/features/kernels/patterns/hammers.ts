import type { Kernel } from '../../kernel.ts';

const { abs, max, min } = Math;

/**
 * Small bodies with one shadow longer than the body and hardly another: TA-Lib CDLHAMMER, CDLINVERTEDHAMMER,
 * CDLHANGINGMAN and CDLSHOOTINGSTAR, in this order.
 *
 * - hammer 1: long lower shadow, near or below the low before
 * - inverted hammer 1: long upper shadow, wholly below the body before
 * - hanging man −1: long lower shadow, near or above the high before
 * - shooting star −1: long upper shadow, wholly above the body before
 *
 * Inputs: open, high, low, close, sums of 10 bodies, of 10 ranges and of 5 ranges.
 */
export function hammers(): Kernel {
  return {
    stateLength: 0,
    history: 1,
    warmUp: 0,
    run(
      _state,
      [open, high, low, close, bodies, ranges, fiveRanges],
      [hammer, invertedHammer, hangingMan, shootingStar],
      begin,
      end,
    ) {
      for (let i = begin; i < end; i++) {
        const body = abs(close[i] - open[i]);
        const top = max(open[i], close[i]);
        const bottom = min(open[i], close[i]);
        const upper = high[i] - top;
        const lower = bottom - low[i];
        const small = body < bodies[i] / 10;
        const hardly = 0.1 * (ranges[i] / 10);
        const none = Number.isNaN(bodies[i]) ? Number.NaN : 0;
        hammer[i] = none;
        invertedHammer[i] = none;
        hangingMan[i] = none;
        shootingStar[i] = none;
        if (small && lower > body && upper < hardly) {
          const near = 0.2 * (fiveRanges[i - 1] / 5);
          if (bottom <= low[i - 1] + near) hammer[i] = 1;
          if (bottom >= high[i - 1] - near) hangingMan[i] = -1;
        }
        if (small && upper > body && lower < hardly) {
          if (top < min(open[i - 1], close[i - 1])) invertedHammer[i] = 1;
          if (bottom > max(open[i - 1], close[i - 1])) shootingStar[i] = -1;
        }
      }
    },
  };
}
