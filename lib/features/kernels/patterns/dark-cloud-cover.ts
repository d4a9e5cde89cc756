import type { Kernel } from '../../kernel.ts';

/**
 * After a long rise a fall that opens above its high and closes in the lower half of its body: −1. TA-Lib
 * CDLDARKCLOUDCOVER with penetration 0.5. What is rarest is asked first. Inputs: open, high, close, sum of 10 bodies.
 */
export function darkCloudCover(): Kernel {
  return {
    history: 1,
    warmUp: 1,
    run(_state, [open, high, close, bodies], [out], begin, end) {
      for (let i = begin; i < end; i++) {
        const before = bodies[i - 1];
        const rose = close[i - 1] - open[i - 1];
        const found =
          open[i] > high[i - 1] &&
          rose >= 0 &&
          rose > before / 10 &&
          close[i] < open[i] &&
          close[i] > open[i - 1] &&
          close[i] < close[i - 1] - rose * 0.5;
        out[i] = Number.isNaN(before) ? Number.NaN : found ? -1 : 0;
      }
    },
  };
}
