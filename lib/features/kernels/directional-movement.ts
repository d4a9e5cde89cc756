import { type Kernel, stateless } from '../kernel.ts';

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

/**
 * Average directional index, 0 to 100 (Wilder 1978), from +DI and −DI: Wilder's average of 100 × |+DI − −DI| ÷ (+DI +
 * −DI). TA-Lib ADX: seeded with the mean of the first `length` of these, and a candle without direction counts as 0;
 * later such a candle leaves the average as it is.
 */
export function adx({ length }: { length: number }): Kernel {
  return {
    stateLength: 2,
    warmUp: length - 1,
    run(state, [plus, minus], [out], begin, end) {
      let seen = state[0];
      let average = state[1];
      for (let i = begin; i < end; i++) {
        const both = plus[i] + minus[i];
        if (Number.isNaN(both)) {
          out[i] = Number.NaN;
          continue;
        }
        const directed = both > 1e-14;
        const index = directed ? (100 * Math.abs(plus[i] - minus[i])) / both : 0;
        if (seen < length) {
          average += index;
          seen++;
          if (seen === length) average /= length;
          out[i] = seen === length ? average : Number.NaN;
        } else {
          if (directed) average = (average * (length - 1) + index) / length;
          out[i] = average;
        }
      }
      state[0] = seen;
      state[1] = average;
    },
  };
}

/** Average directional movement rating (Wilder 1978): mean of ADX now and `length` − 1 rows ago. TA-Lib ADXR. */
export function adxr({ length }: { length: number }): Kernel {
  const lag = length - 1;
  return stateless(([adx], [out], begin, end) => {
    for (let i = begin; i < end; i++) out[i] = (adx[i] + adx[i - lag]) / 2;
  }, lag);
}
