import type { Kernel } from '../../kernel.ts';

const { abs, max, min } = Math;

/**
 * A body no longer than average inside the longer than average body before it; 1 after a fall, −1 after a rise. TA-Lib
 * CDLHARAMI. Inputs: open, close, sums of 10 bodies, for the candle before and for this one.
 */
export function harami(): Kernel {
  return {
    stateLength: 0,
    history: 1,
    warmUp: 0,
    run(_state, [open, close, bodiesBefore, bodies], [out], begin, end) {
      for (let i = begin; i < end; i++) {
        const first = open[i];
        const last = close[i];
        const firstBefore = open[i - 1];
        const lastBefore = close[i - 1];
        const found =
          abs(lastBefore - firstBefore) > bodiesBefore[i - 1] / 10 &&
          abs(last - first) <= bodies[i] / 10 &&
          max(first, last) <= max(firstBefore, lastBefore) &&
          min(first, last) >= min(firstBefore, lastBefore);
        out[i] = Number.isNaN(bodies[i]) ? Number.NaN : !found ? 0 : lastBefore >= firstBefore ? -1 : 1;
      }
    },
  };
}
