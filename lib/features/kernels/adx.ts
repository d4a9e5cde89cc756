import type { Kernel } from '../kernel.ts';

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
