import { rowwise } from '../../kernel.ts';

/**
 * A long fall, a short body wholly below it, then a rise, longer than short, that wins back more than 0.3 of the fall:
 * 1. TA-Lib CDLMORNINGSTAR with penetration 0.3. What is rarest is asked first. Inputs: open, close, body, its top, its
 * bottom, sums of 10 bodies, for each of the three candles.
 */
export const morningStar = rowwise(
  ([open, close, body, top, bottom, bodies2, bodies1, bodies], [out], begin, end) => {
    for (let i = begin; i < end; i++) {
      const fell = open[i - 2] - close[i - 2];
      const found =
        top[i - 1] < bottom[i - 2] &&
        fell > 0 &&
        fell > bodies2[i - 2] / 10 &&
        body[i - 1] <= bodies1[i - 1] / 10 &&
        close[i] >= open[i] &&
        close[i] - open[i] > bodies[i] / 10 &&
        close[i] > close[i - 2] + fell * 0.3;
      out[i] = Number.isNaN(bodies[i]) ? Number.NaN : found ? 1 : 0;
    }
  },
  2,
  0,
);

/** The same upside down: −1. TA-Lib CDLEVENINGSTAR with penetration 0.3. Inputs as for `morningStar`. */
export const eveningStar = rowwise(
  ([open, close, body, top, bottom, bodies2, bodies1, bodies], [out], begin, end) => {
    for (let i = begin; i < end; i++) {
      const rose = close[i - 2] - open[i - 2];
      const found =
        bottom[i - 1] > top[i - 2] &&
        rose >= 0 &&
        rose > bodies2[i - 2] / 10 &&
        body[i - 1] <= bodies1[i - 1] / 10 &&
        close[i] < open[i] &&
        open[i] - close[i] > bodies[i] / 10 &&
        close[i] < close[i - 2] - rose * 0.3;
      out[i] = Number.isNaN(bodies[i]) ? Number.NaN : found ? -1 : 0;
    }
  },
  2,
  0,
);

/**
 * Three rises with hardly an upper shadow, each opening in or near the body before and not far shorter than it, the
 * last one not short: 1. TA-Lib CDL3WHITESOLDIERS. What is rarest is asked first. Inputs: open, close, upper shadow,
 * sum of 10 bodies, sums of 10 ranges for each of the three candles, sums of 5 ranges for the first two.
 */
export const threeWhiteSoldiers = rowwise(
  ([open, close, upper, bodies, ranges2, ranges1, ranges, five2, five1], [out], begin, end) => {
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
  2,
  0,
);

/**
 * After a rise three falls with hardly a lower shadow, each opening in the body before and closing lower, the first
 * below the high of the rise: −1. TA-Lib CDL3BLACKCROWS. What is rarest is asked first. Inputs: open, high, close,
 * lower shadow, sums of 10 ranges for each of the three.
 */
export const threeBlackCrows = rowwise(
  ([open, high, close, lower, ranges2, ranges1, ranges], [out], begin, end) => {
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
  3,
  0,
);
