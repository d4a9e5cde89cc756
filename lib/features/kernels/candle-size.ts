import type { Kernel } from '../kernel.ts';

/**
 * Sizes of a candle: its range, high − low; its body, |close − open|; top and bottom of the body; upper and lower
 * shadow. Inputs: open, high, low, close.
 */
export function candleSize(): Kernel {
  return {
    run(_state, [open, high, low, close], [range, body, topOut, bottomOut, upper, lower], begin, end) {
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
  };
}
