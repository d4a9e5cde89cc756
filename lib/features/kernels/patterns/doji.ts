import type { Kernel } from '../../kernel.ts';

const { abs } = Math;

/** 1 where the body is at most a tenth of the average range. TA-Lib CDLDOJI. Inputs: open, close, sum of 10 ranges. */
export function doji(): Kernel {
  return {
    run(_state, [open, close, ranges], [out], begin, end) {
      for (let i = begin; i < end; i++) {
        const most = 0.1 * (ranges[i] / 10);
        out[i] = Number.isNaN(most) ? Number.NaN : abs(close[i] - open[i]) <= most ? 1 : 0;
      }
    },
  };
}
