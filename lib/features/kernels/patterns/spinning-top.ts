import type { Kernel } from '../../kernel.ts';

/**
 * A body shorter than average with longer shadows on both sides, 1 for a rise and −1 for a fall. TA-Lib CDLSPINNINGTOP.
 * Inputs: open, close, body, upper and lower shadow, sum of 10 bodies.
 */
export function spinningTop(): Kernel {
  return {
    run(_state, [open, close, body, upper, lower, bodies], [out], begin, end) {
      for (let i = begin; i < end; i++) {
        const size = body[i];
        const found = Number(size < bodies[i] / 10) & Number(upper[i] > size) & Number(lower[i] > size);
        out[i] = Number.isNaN(bodies[i]) ? Number.NaN : 2 * (found & Number(close[i] >= open[i])) - found;
      }
    },
  };
}
