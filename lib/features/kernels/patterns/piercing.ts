import type { Kernel } from '../../kernel.ts';

/**
 * After a long fall a long rise that opens below its low and closes in the upper half of its body: 1. TA-Lib
 * CDLPIERCING. What is rarest is asked first. Inputs: open, low, close, sums of 10 bodies, for the candle before and
 * for this one.
 */
export function piercing(): Kernel {
  return {
    history: 1,
    run(_state, [open, low, close, bodiesBefore, bodies], [out], begin, end) {
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
  };
}
