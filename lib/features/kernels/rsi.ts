import type { Kernel } from '../kernel.ts';

/**
 * Relative strength index, 0 to 100 (Wilder 1978): gains ÷ (gains + losses), both smoothed by Wilder's average, seeded
 * with the mean of the first `length` changes. TA-Lib RSI, which gives 0 where nothing has moved.
 */
export function rsi({ length }: { length: number }): Kernel {
  return {
    stateLength: 3,
    history: 1,
    warmUp: length,
    run(state, [x], [out], begin, end) {
      let [seen, gain, loss] = state;
      for (let i = begin; i < end; i++) {
        const change = x[i] - x[i - 1];
        if (Number.isNaN(change)) {
          out[i] = Number.NaN;
          continue;
        }
        const up = Math.max(change, 0);
        const down = Math.max(-change, 0);
        if (seen < length) {
          gain += up;
          loss += down;
          seen++;
          if (seen < length) {
            out[i] = Number.NaN;
            continue;
          }
          gain /= length;
          loss /= length;
        } else {
          gain = (gain * (length - 1) + up) / length;
          loss = (loss * (length - 1) + down) / length;
        }
        const both = gain + loss;
        out[i] = both > 1e-14 ? (100 * gain) / both : 0;
      }
      state[0] = seen;
      state[1] = gain;
      state[2] = loss;
    },
  };
}
