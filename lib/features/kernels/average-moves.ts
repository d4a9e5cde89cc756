import type { Kernel } from '../kernel.ts';

/**
 * Average gain and average loss of x (Wilder 1978), both smoothed by Wilder's average and seeded with the mean of the
 * first `length` changes. What RSI and CMO are made of.
 */
export function averageMoves({ length }: { length: number }): Kernel {
  return {
    stateLength: 3,
    history: 1,
    warmUp: length,
    run(state, [x], [gainOut, lossOut], begin, end) {
      let [seen, gain, loss] = state;
      for (let i = begin; i < end; i++) {
        const change = x[i] - x[i - 1];
        gainOut[i] = Number.NaN;
        lossOut[i] = Number.NaN;
        if (Number.isNaN(change)) continue;
        const up = Math.max(change, 0);
        const down = Math.max(-change, 0);
        if (seen < length) {
          gain += up;
          loss += down;
          seen++;
          if (seen < length) continue;
          gain /= length;
          loss /= length;
        } else {
          gain = (gain * (length - 1) + up) / length;
          loss = (loss * (length - 1) + down) / length;
        }
        gainOut[i] = gain;
        lossOut[i] = loss;
      }
      state[0] = seen;
      state[1] = gain;
      state[2] = loss;
    },
  };
}
