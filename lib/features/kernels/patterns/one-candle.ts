import { type Kernel, rowwise } from '../../kernel.ts';

const { abs } = Math;

/** 1 where the body is at most a tenth of the average range. TA-Lib CDLDOJI. Inputs: open, close, sum of 10 ranges. */
export const doji = rowwise(([open, close, ranges], [out], begin, end) => {
  for (let i = begin; i < end; i++) {
    const most = 0.1 * (ranges[i] / 10);
    out[i] = Number.isNaN(most) ? Number.NaN : abs(close[i] - open[i]) <= most ? 1 : 0;
  }
});

/**
 * A body longer than average with hardly a shadow, 1 for a rise and −1 for a fall. TA-Lib CDLMARUBOZU. Inputs: open,
 * close, body, upper and lower shadow, sums of 10 bodies and of 10 ranges.
 */
export const marubozu = rowwise(([open, close, body, upper, lower, bodies, ranges], [out], begin, end) => {
  for (let i = begin; i < end; i++) {
    const most = 0.1 * (ranges[i] / 10);
    const found = Number(body[i] > bodies[i] / 10) & Number(upper[i] < most) & Number(lower[i] < most);
    out[i] = Number.isNaN(most) ? Number.NaN : 2 * (found & Number(close[i] >= open[i])) - found;
  }
});

/**
 * A body shorter than average with longer shadows on both sides, 1 for a rise and −1 for a fall. TA-Lib CDLSPINNINGTOP.
 * Inputs: open, close, body, upper and lower shadow, sum of 10 bodies.
 */
export const spinningTop = rowwise(([open, close, body, upper, lower, bodies], [out], begin, end) => {
  for (let i = begin; i < end; i++) {
    const size = body[i];
    const found = Number(size < bodies[i] / 10) & Number(upper[i] > size) & Number(lower[i] > size);
    out[i] = Number.isNaN(bodies[i]) ? Number.NaN : 2 * (found & Number(close[i] >= open[i])) - found;
  }
});

/**
 * Small bodies with one shadow longer than the body and hardly another: TA-Lib CDLHAMMER, CDLINVERTEDHAMMER,
 * CDLHANGINGMAN and CDLSHOOTINGSTAR, in this order.
 *
 * - hammer 1: long lower shadow, near or below the low before
 * - inverted hammer 1: long upper shadow, wholly below the body before
 * - hanging man −1: long lower shadow, near or above the high before
 * - shooting star −1: long upper shadow, wholly above the body before
 *
 * Inputs: high, low, body, its top, its bottom, upper and lower shadow, sums of 10 bodies, of 10 ranges and of 5
 * ranges.
 */
export function hammers(): Kernel {
  return {
    history: 1,
    run(
      _state,
      [high, low, body, top, bottom, upper, lower, bodies, ranges, fiveRanges],
      [hammer, invertedHammer, hangingMan, shootingStar],
      begin,
      end,
    ) {
      for (let i = begin; i < end; i++) {
        // Conditions are bits: branches that nobody can predict would take most of the time, here as in other patterns.
        const small = Number(body[i] < bodies[i] / 10);
        const hardly = 0.1 * (ranges[i] / 10);
        const standing = small & Number(lower[i] > body[i]) & Number(upper[i] < hardly);
        const hanging = small & Number(upper[i] > body[i]) & Number(lower[i] < hardly);
        const near = 0.2 * (fiveRanges[i - 1] / 5);
        // 0, or NaN if the sum is not there yet.
        const none = 0 * bodies[i];
        hammer[i] = none + (standing & Number(bottom[i] <= low[i - 1] + near));
        invertedHammer[i] = none + (hanging & Number(top[i] < bottom[i - 1]));
        hangingMan[i] = none - (standing & Number(bottom[i] >= high[i - 1] - near));
        shootingStar[i] = none - (hanging & Number(bottom[i] > top[i - 1]));
      }
    },
  };
}
