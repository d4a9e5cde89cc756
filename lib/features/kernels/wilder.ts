import type { Kernel } from '../kernel.ts';

/**
 * Wilder's average (1978), factor 1 ÷ length, seeded with the mean of the first `length` defined values. Over the true
 * range it is TA-Lib ATR.
 */
export function wilder({ length }: { length: number }): Kernel {
  const share = 1 / length;
  return {
    stateLength: 2,
    history: 0,
    warmUp: length - 1,
    run(state, [x], [out], begin, end) {
      let [seen, average] = state;
      for (let i = begin; i < end; i++) {
        const value = x[i];
        if (Number.isNaN(value)) {
          out[i] = Number.NaN;
        } else if (seen < length) {
          average += value;
          seen++;
          if (seen === length) average /= length;
          out[i] = seen === length ? average : Number.NaN;
        } else {
          average += (value - average) * share;
          out[i] = average;
        }
      }
      state[0] = seen;
      state[1] = average;
    },
  };
}
