import type { Kernel } from '../kernel.ts';

/**
 * Relative strength index, 0 to 100 (Wilder 1978), from the average gain and the average loss: gain ÷ (gain + loss).
 * TA-Lib RSI, which gives 0 if nothing has moved. The quotient comes before the factor, as there: a stochastic of it
 * over a stretch without moves shows the last bit.
 */
export function rsi(): Kernel {
  return {
    run(_state, [gain, loss], [out], begin, end) {
      for (let i = begin; i < end; i++) {
        const both = gain[i] + loss[i];
        out[i] = both <= 1e-14 ? 0 : 100 * (gain[i] / both);
      }
    },
  };
}
