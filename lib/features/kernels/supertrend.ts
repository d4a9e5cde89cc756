import { type Kernel, rowwise } from '../kernel.ts';

/**
 * Direction of the supertrend, 1 or -1, and its lower and upper bands: the median price less and plus `multiple`
 * average true ranges. The lower band may only rise and the upper band only fall until a close has crossed it. A
 * close beyond the opposite band turns the direction. As TradingView's `ta.supertrend` (there 1 is down), it begins
 * downwards. Inputs: median price, close, average true range.
 */
export function supertrendBands({ multiple }: { multiple: number }): Kernel {
  return {
    stateLength: 3,
    history: 1,
    run(state, [middle, close, range], [direction, lowerOut, upperOut], begin, end) {
      let side = state[0];
      let lower = state[1];
      let upper = state[2];
      for (let i = begin; i < end; i++) {
        const half = multiple * range[i];
        if (Number.isNaN(half)) {
          direction[i] = Number.NaN;
          lowerOut[i] = Number.NaN;
          upperOut[i] = Number.NaN;
          continue;
        }
        const low = middle[i] - half;
        const high = middle[i] + half;
        if (side === 0 || low > lower || close[i - 1] < lower) lower = low;
        if (side === 0 || high < upper || close[i - 1] > upper) upper = high;
        if (side > 0) side = close[i] < lower ? -1 : 1;
        else side = side < 0 && close[i] > upper ? 1 : -1;
        direction[i] = side;
        lowerOut[i] = lower;
        upperOut[i] = upper;
      }
      state[0] = side;
      state[1] = lower;
      state[2] = upper;
    },
  };
}

/** The supertrend: its lower band while the direction is up, its upper band while it is down. */
export const supertrend = rowwise(([direction, lower, upper], [out], begin, end) => {
  for (let i = begin; i < end; i++) out[i] = direction[i] > 0 ? lower[i] : upper[i];
});
