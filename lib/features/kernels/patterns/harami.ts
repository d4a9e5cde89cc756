import type { Kernel } from '../../kernel.ts';

/**
 * A body no longer than average inside the longer than average body before it; 1 after a fall, −1 after a rise. TA-Lib
 * CDLHARAMI. Inputs: open, close, body, its top, its bottom, sums of 10 bodies, for the candle before and for this one.
 */
export function harami(): Kernel {
  return {
    history: 1,
    run(_state, [open, close, body, top, bottom, bodiesBefore, bodies], [out], begin, end) {
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
  };
}
