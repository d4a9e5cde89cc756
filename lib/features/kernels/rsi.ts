import { type Kernel, twinned } from '../kernel.ts';

/**
 * Average gain and average loss (Wilder 1978), both smoothed by Wilder's average and seeded with the mean of the first
 * `length` changes. What RSI and CMO are made of. Inputs: change, its size.
 */
export function averageMoves({ length }: { length: number }): Kernel {
  return {
    stateLength: 3,
    warmUp: length - 1,
    run(state, [change, size], [gainOut, lossOut], begin, end) {
      let seen = state[0];
      let gain = state[1];
      let loss = state[2];
      for (let i = begin; i < end; i++) {
        gainOut[i] = Number.NaN;
        lossOut[i] = Number.NaN;
        if (Number.isNaN(change[i])) continue;
        // Exact, and without a branch on the sign, which nobody can predict.
        const up = (size[i] + change[i]) / 2;
        const down = (size[i] - change[i]) / 2;
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

/**
 * Relative strength index, 0 to 100 (Wilder 1978), from the average gain and the average loss: gain ÷ (gain + loss).
 * TA-Lib RSI, which gives 0 if nothing has moved. The quotient comes before the factor, as there: a stochastic of it
 * over a stretch without moves shows the last bit.
 */
export const rsi = twinned({ twin: 'rsi' }, ([gain, loss], [out], begin, end) => {
  for (let i = begin; i < end; i++) {
    const both = gain[i] + loss[i];
    out[i] = both <= 1e-14 ? 0 : 100 * (gain[i] / both);
  }
});

/**
 * Chande momentum oscillator, −100 to 100, from the average gain and the average loss: (gain − loss) ÷ (gain + loss).
 * TA-Lib CMO, which smooths as Wilder does, and gives 0 if nothing has moved.
 */
export const cmo = twinned({ twin: 'cmo' }, ([gain, loss], [out], begin, end) => {
  for (let i = begin; i < end; i++) {
    const both = gain[i] + loss[i];
    out[i] = both <= 1e-14 ? 0 : 100 * ((gain[i] - loss[i]) / both);
  }
});
