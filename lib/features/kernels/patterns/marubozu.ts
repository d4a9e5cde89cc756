import type { Kernel } from '../../kernel.ts';

const { abs, max, min } = Math;

/**
 * A body longer than average with hardly a shadow, 1 for a rise and −1 for a fall. TA-Lib CDLMARUBOZU. Inputs: open, high,
 * low, close, sums of 10 bodies and of 10 ranges.
 */
export function marubozu(): Kernel {
  return {
    stateLength: 0,
    history: 0,
    warmUp: 0,
    run(_state, [open, high, low, close, bodies, ranges], [out], begin, end) {
      for (let i = begin; i < end; i++) {
        const first = open[i];
        const last = close[i];
        const most = 0.1 * (ranges[i] / 10);
        const found =
          abs(last - first) > bodies[i] / 10 && high[i] - max(first, last) < most && min(first, last) - low[i] < most;
        out[i] = Number.isNaN(most) ? Number.NaN : !found ? 0 : last >= first ? 1 : -1;
      }
    },
  };
}
