import type { Kernel } from '../kernel.ts';

/**
 * Exponential moving average, factor 2 ÷ (length + 1), seeded with the mean of the first `length` defined values.
 * TA-Lib EMA. A value undefined later on gives an undefined row and is passed over.
 */
export function ema({ length }: { length: number }): Kernel {
  return smoothing(length, 2 / (length + 1));
}

/** An average that moves by `factor` towards each value, seeded with the mean of the first `length` defined ones. */
export function smoothing(length: number, factor: number): Kernel {
  return {
    stateLength: 2,
    history: 0,
    warmUp: length - 1,
    run(state, [x], [out], begin, end) {
      let seen = state[0];
      let average = state[1];
      let i = begin;
      while (i < end) {
        // Nearly all rows, in a loop with nothing else in it.
        for (; i < end && seen === length && !Number.isNaN(x[i]); i++) {
          average += (x[i] - average) * factor;
          out[i] = average;
        }
        for (; i < end && (seen < length || Number.isNaN(x[i])); i++) {
          out[i] = Number.NaN;
          if (Number.isNaN(x[i])) continue;
          average += x[i];
          seen++;
          if (seen < length) continue;
          average /= length;
          out[i] = average;
        }
      }
      state[0] = seen;
      state[1] = average;
    },
  };
}
