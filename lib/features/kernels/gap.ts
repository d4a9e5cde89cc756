import type { Kernel } from '../kernel.ts';

/** Open ÷ close of the candle before − 1. Inputs: open, close. */
export function gap(): Kernel {
  return {
    stateLength: 0,
    history: 1,
    warmUp: 1,
    run(_state, [open, close], [out], begin, end) {
      for (let i = begin; i < end; i++) {
        const before = close[i - 1];
        out[i] = before === 0 ? Number.NaN : open[i] / before - 1;
      }
    },
  };
}
