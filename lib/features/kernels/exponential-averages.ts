import type { Kernel } from '../kernel.ts';

/**
 * Exponential moving average with factor 2 ÷ (length + 1), seeded with the mean of the first `length` defined values.
 * TA-Lib EMA.
 */
export function ema({ length }: { length: number }): Kernel {
  return exponentialAverage(length, 2 / (length + 1));
}

/**
 * Wilder's average (1978) with factor 1 ÷ length, seeded with the mean of the first `length` defined values. Over the
 * true range it is TA-Lib ATR.
 */
export function wilder({ length }: { length: number }): Kernel {
  return exponentialAverage(length, 1 / length);
}

/** Exponential average with factor 2 ÷ (span + 1), seeded with the first defined value. pandas `ewm(adjust=False)`. */
export function ewm({ span }: { span: number }): Kernel {
  return exponentialAverage(1, 2 / (span + 1));
}

/**
 * Moves by `factor` towards each value. It begins with the mean of the first `length` defined values. If a later value
 * is undefined, its row is undefined and the average stays.
 */
function exponentialAverage(length: number, factor: number): Kernel {
  return {
    stateLength: 2,
    warmUp: length - 1,
    twin: { name: 'exponentialAverage', parameters: [length, factor] },
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
