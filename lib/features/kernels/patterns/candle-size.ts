import type { Kernel } from '../../kernel.ts';

const { abs } = Math;

/** Range of a candle, high − low, and its body, |close − open|. Inputs: open, high, low, close. */
export function candleSize(): Kernel {
  return {
    stateLength: 0,
    history: 0,
    warmUp: 0,
    run(_state, [open, high, low, close], [range, body], begin, end) {
      for (let i = begin; i < end; i++) {
        range[i] = high[i] - low[i];
        body[i] = abs(close[i] - open[i]);
      }
    },
  };
}
