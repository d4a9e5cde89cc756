import type { Kernel } from '../kernel.ts';

/**
 * Exponential moving average, factor 2 ÷ (length + 1), seeded with the mean of the first `length` defined values.
 * TA-Lib EMA. A value undefined later on gives an undefined row and is passed over.
 */
export function ema({ length }: { length: number }): Kernel {
  const factor = 2 / (length + 1);
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
          average += (value - average) * factor;
          out[i] = average;
        }
      }
      state[0] = seen;
      state[1] = average;
    },
  };
}
