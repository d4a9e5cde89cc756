import { twinned } from '../kernel.ts';
import { further } from '../windows/further.ts';

/** Median price, the middle between high and low. TA-Lib MEDPRICE. */
export const medianPrice = twinned({ twin: 'medianPrice' }, ([high, low], [out], begin, end) => {
  for (let i = begin; i < end; i++) out[i] = (high[i] + low[i]) / 2;
});

/** Typical price, the mean of high, low and close. TA-Lib TYPPRICE. */
export const typicalPrice = twinned({ twin: 'typicalPrice' }, ([high, low, close], [out], begin, end) => {
  for (let i = begin; i < end; i++) out[i] = (high[i] + low[i] + close[i]) / 3;
});

/** True range: of high − low and the distances of both to the close before, the largest. TA-Lib TRANGE. */
export const trueRange = twinned({ twin: 'trueRange', history: 1 }, ([high, low, close], [out], begin, end) => {
  for (let i = begin; i < end; i++) {
    const before = close[i - 1];
    // The same bits as the largest of the three.
    out[i] = further(high[i], before, 1) - further(low[i], before, -1);
  }
});

/** Buying pressure (Williams 1985): close less the lower of the low and the close before. Inputs: low, close. */
export const buyingPressure = twinned({ twin: 'buyingPressure', history: 1 }, ([low, close], [out], begin, end) => {
  for (let i = begin; i < end; i++) out[i] = close[i] - further(low[i], close[i - 1], -1);
});

/**
 * Balance of power, −1 to 1 (Livshin 2001): (close − open) ÷ (high − low), 0 if that is zero. TA-Lib BOP. Inputs:
 * open, high, low, close.
 */
export const bop = twinned({ twin: 'bop' }, ([open, high, low, close], [out], begin, end) => {
  for (let i = begin; i < end; i++) {
    const range = high[i] - low[i];
    out[i] = range < 1e-14 ? 0 : (close[i] - open[i]) / range;
  }
});

/**
 * Sizes of a candle: its range, high − low; its body, |close − open|; top and bottom of the body; upper and lower
 * shadow. Inputs: open, high, low, close.
 */
export const candleSize = twinned(
  { twin: 'candleSize' },
  ([open, high, low, close], [range, body, topOut, bottomOut, upper, lower], begin, end) => {
    for (let i = begin; i < end; i++) {
      // Nobody can predict whether a candle rises, so there is no branch.
      const rose = Number(close[i] >= open[i]);
      const top = close[i] * rose + open[i] * (1 - rose);
      const bottom = open[i] * rose + close[i] * (1 - rose);
      range[i] = high[i] - low[i];
      body[i] = top - bottom;
      topOut[i] = top;
      bottomOut[i] = bottom;
      upper[i] = high[i] - top;
      lower[i] = bottom - low[i];
    }
  },
);

/**
 * Body, upper and lower shadow as parts of high − low, which add up to 1; undefined if that is zero. Inputs: range,
 * body, upper shadow, lower shadow.
 */
export const candleParts = twinned(
  { twin: 'candleParts' },
  ([range, body, upper, lower], [bodyPart, upperPart, lowerPart], begin, end) => {
    for (let i = begin; i < end; i++) {
      bodyPart[i] = body[i] / range[i];
      upperPart[i] = upper[i] / range[i];
      lowerPart[i] = lower[i] / range[i];
    }
  },
);
