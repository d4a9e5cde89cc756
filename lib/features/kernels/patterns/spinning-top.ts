import type { Kernel } from '../../kernel.ts';

const { abs, max, min } = Math;

/**
 * A body shorter than average with longer shadows on both sides, 1 for a rise and −1 for a fall. TA-Lib CDLSPINNINGTOP.
 * Inputs: open, high, low, close, sum of 10 bodies.
 */
export function spinningTop(): Kernel {
  return {
    stateLength: 0,
    history: 0,
    warmUp: 0,
    run(_state, [open, high, low, close, bodies], [out], begin, end) {
      for (let i = begin; i < end; i++) {
        const first = open[i];
        const last = close[i];
        const body = abs(last - first);
        const found = body < bodies[i] / 10 && high[i] - max(first, last) > body && min(first, last) - low[i] > body;
        out[i] = Number.isNaN(bodies[i]) ? Number.NaN : !found ? 0 : last >= first ? 1 : -1;
      }
    },
  };
}
