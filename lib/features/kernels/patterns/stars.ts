import type { Kernel } from '../../kernel.ts';

/**
 * A long fall, a short body wholly below it, then a rise, longer than short, that wins back more than 0.3 of the fall:
 * 1. TA-Lib CDLMORNINGSTAR with penetration 0.3. What is rarest is asked first. Inputs: open, close, body, its top, its
 * bottom, sums of 10 bodies, for each of the three candles.
 */
export function morningStar(): Kernel {
  return {
    history: 2,
    run(_state, [open, close, body, top, bottom, bodies2, bodies1, bodies], [out], begin, end) {
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
  };
}

/** The same upside down: −1. TA-Lib CDLEVENINGSTAR with penetration 0.3. Inputs as for `morningStar`. */
export function eveningStar(): Kernel {
  return {
    history: 2,
    run(_state, [open, close, body, top, bottom, bodies2, bodies1, bodies], [out], begin, end) {
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
  };
}
