import type { Kernel } from '../kernel.ts';

/**
 * Aroon (Chande 1995): how long ago the highest high and the lowest low of the last `length` + 1 candles were, 100 for
 * now and 0 for `length` candles ago, and the difference of both. TA-Lib AROON and AROONOSC: of equal ones, the latest
 * counts. Inputs: high, low. The state is the age of both in candles.
 */
export function aroon({ length }: { length: number }): Kernel {
  return {
    stateLength: 2,
    history: length,
    warmUp: length,
    run(state, [high, low], [upOut, downOut, difference], begin, end, index) {
      let [highAge, lowAge] = state;
      const full = begin + length - index;
      for (let i = begin; i < end; i++) {
        highAge++;
        if (highAge > length) {
          highAge = length;
          for (let age = length - 1; age >= 0; age--) if (high[i - age] >= high[i - highAge]) highAge = age;
        } else if (!(high[i] < high[i - highAge])) highAge = 0;
        lowAge++;
        if (lowAge > length) {
          lowAge = length;
          for (let age = length - 1; age >= 0; age--) if (low[i - age] <= low[i - lowAge]) lowAge = age;
        } else if (!(low[i] > low[i - lowAge])) lowAge = 0;
        if (i < full) {
          upOut[i] = Number.NaN;
          downOut[i] = Number.NaN;
          difference[i] = Number.NaN;
        } else {
          upOut[i] = (100 * (length - highAge)) / length;
          downOut[i] = (100 * (length - lowAge)) / length;
          difference[i] = (100 * (lowAge - highAge)) / length;
        }
      }
      state[0] = highAge;
      state[1] = lowAge;
    },
  };
}
