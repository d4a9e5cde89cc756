import type { Kernel } from '../../kernel.ts';

/**
 * A body that covers the opposite body before it and more, on one side at least: 1 for a rise, −1 for a fall. TA-Lib
 * CDLENGULFING, which begins at the third candle. Inputs: open, close, top and bottom of the body.
 */
export function engulfing(): Kernel {
  return {
    history: 1,
    warmUp: 2,
    run(_state, [open, close, top, bottom], [out], begin, end, index) {
      for (let i = begin; i < end; i++) {
        const rose = Number(close[i] >= open[i]);
        const opposite = rose ^ Number(close[i - 1] >= open[i - 1]);
        const covers = Number(top[i] >= top[i - 1]) & Number(bottom[i] <= bottom[i - 1]);
        const more = Number(top[i] > top[i - 1]) | Number(bottom[i] < bottom[i - 1]);
        const found = opposite & covers & more;
        out[i] = i - begin + index < 2 ? Number.NaN : 2 * (found & rose) - found;
      }
    },
  };
}
