import type { Kernel } from '../kernel.ts';

const { abs } = Math;

/**
 * Directional indicators +DI and −DI, 0 to 100 (Wilder 1978): directional movement as a share of the true range, both
 * summed in Wilder's way. TA-Lib PLUS_DI and MINUS_DI: the sums begin with `length` − 1 candles, the first value comes
 * one candle later, and where the range is zero the indicators are 0. Inputs: high, low, true range.
 */
export function directionalIndicators({ length }: { length: number }): Kernel {
  const kept = 1 - 1 / length;
  return {
    stateLength: 4,
    history: 1,
    warmUp: length - 1,
    run(state, [high, low, range], [plusOut, minusOut], begin, end) {
      let seen = state[0];
      let plus = state[1];
      let minus = state[2];
      let ranges = state[3];
      for (let i = begin; i < end; i++) {
        if (Number.isNaN(range[i])) {
          plusOut[i] = Number.NaN;
          minusOut[i] = Number.NaN;
          continue;
        }
        const up = high[i] - high[i - 1];
        const down = low[i - 1] - low[i];
        const share = seen < length - 1 ? 1 : kept;
        // The larger of the two if it is above zero. Nobody can predict which it is, so there is no branch.
        plus = plus * share + ((up + abs(up)) / 2) * Number(up > down);
        minus = minus * share + ((down + abs(down)) / 2) * Number(down > up);
        ranges = ranges * share + range[i];
        if (seen < length - 1) {
          seen++;
          plusOut[i] = Number.NaN;
          minusOut[i] = Number.NaN;
        } else {
          const percent = ranges > 1e-14 ? 100 / ranges : 0;
          plusOut[i] = plus * percent;
          minusOut[i] = minus * percent;
        }
      }
      state[0] = seen;
      state[1] = plus;
      state[2] = minus;
      state[3] = ranges;
    },
  };
}
