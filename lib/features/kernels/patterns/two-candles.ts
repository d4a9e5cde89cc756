import { rowwise } from '../../kernel.ts';

/**
 * A body that covers the opposite body before it and more, on one side at least: 1 for a rise, −1 for a fall. TA-Lib
 * CDLENGULFING, which begins at the third candle. Inputs: open, close, top and bottom of the body.
 */
export const engulfing = rowwise(
  ([open, close, top, bottom], [out], begin, end, index) => {
    for (let i = begin; i < end; i++) {
      const rose = Number(close[i] >= open[i]);
      const opposite = rose ^ Number(close[i - 1] >= open[i - 1]);
      const covers = Number(top[i] >= top[i - 1]) & Number(bottom[i] <= bottom[i - 1]);
      const more = Number(top[i] > top[i - 1]) | Number(bottom[i] < bottom[i - 1]);
      const found = opposite & covers & more;
      out[i] = i - begin + index < 2 ? Number.NaN : 2 * (found & rose) - found;
    }
  },
  1,
  2,
);

/**
 * A body no longer than average inside the longer than average body before it; 1 after a fall, −1 after a rise. TA-Lib
 * CDLHARAMI. Inputs: open, close, body, its top, its bottom, sums of 10 bodies, for the candle before and for this one.
 */
export const harami = rowwise(
  ([open, close, body, top, bottom, bodiesBefore, bodies], [out], begin, end) => {
    for (let i = begin; i < end; i++) {
      const roseBefore = Number(close[i - 1] >= open[i - 1]);
      const found =
        Number(body[i - 1] > bodiesBefore[i - 1] / 10) &
        Number(body[i] <= bodies[i] / 10) &
        Number(top[i] <= top[i - 1]) &
        Number(bottom[i] >= bottom[i - 1]);
      out[i] = Number.isNaN(bodies[i]) ? Number.NaN : found - 2 * (found & roseBefore);
    }
  },
  1,
  0,
);

/**
 * After a long fall a long rise that opens below its low and closes in the upper half of its body: 1. TA-Lib
 * CDLPIERCING. What is rarest is asked first. Inputs: open, low, close, sums of 10 bodies, for the candle before and
 * for this one.
 */
export const piercing = rowwise(
  ([open, low, close, bodiesBefore, bodies], [out], begin, end) => {
    for (let i = begin; i < end; i++) {
      const first = open[i];
      const last = close[i];
      const firstBefore = open[i - 1];
      const lastBefore = close[i - 1];
      const fell = firstBefore - lastBefore;
      const found =
        first < low[i - 1] &&
        fell > 0 &&
        fell > bodiesBefore[i - 1] / 10 &&
        last >= first &&
        last - first > bodies[i] / 10 &&
        last < firstBefore &&
        last > lastBefore + fell * 0.5;
      out[i] = Number.isNaN(bodies[i]) ? Number.NaN : found ? 1 : 0;
    }
  },
  1,
  0,
);

/**
 * After a long rise a fall that opens above its high and closes in the lower half of its body: −1. TA-Lib
 * CDLDARKCLOUDCOVER with penetration 0.5. What is rarest is asked first. Inputs: open, high, close, sum of 10 bodies.
 */
export const darkCloudCover = rowwise(([open, high, close, bodies], [out], begin, end) => {
  for (let i = begin; i < end; i++) {
    const before = bodies[i - 1];
    const rose = close[i - 1] - open[i - 1];
    const found =
      open[i] > high[i - 1] &&
      rose >= 0 &&
      rose > before / 10 &&
      close[i] < open[i] &&
      close[i] > open[i - 1] &&
      close[i] < close[i - 1] - rose * 0.5;
    out[i] = Number.isNaN(before) ? Number.NaN : found ? -1 : 0;
  }
}, 1);
