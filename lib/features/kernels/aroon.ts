import type { Kernel } from '../kernel.ts';

/**
 * Aroon (Chande 1995): how long ago the highest high and the lowest low of the last `length` + 1 candles were, 100 for
 * now and 0 for `length` candles ago, and the difference of both. TA-Lib AROON and AROONOSC: of equal ones, the latest
 * counts. Inputs: high, low. The state is the age of both in candles; a window is searched only when its extreme has
 * left it.
 */
export function aroon({ length }: { length: number }): Kernel {
  // 100 × candles ÷ length, for −length to length of them.
  const percent = Float64Array.from({ length: 2 * length + 1 }, (_, k) => (100 * (k - length)) / length);
  return {
    stateLength: 2,
    history: length,
    warmUp: length,
    run(state, [high, low], [upOut, downOut, difference], begin, end, index) {
      let highAge = state[0];
      let lowAge = state[1];
      const full = begin + length - index;
      for (let i = begin; i < end; i++) {
        highAge++;
        if (highAge > length) {
          highAge = 0;
          let highest = high[i];
          for (let age = 1; age <= length; age++) {
            if (high[i - age] > highest) {
              highest = high[i - age];
              highAge = age;
            }
          }
        } else if (!(high[i] < high[i - highAge])) highAge = 0;
        lowAge++;
        if (lowAge > length) {
          lowAge = 0;
          let lowest = low[i];
          for (let age = 1; age <= length; age++) {
            if (low[i - age] < lowest) {
              lowest = low[i - age];
              lowAge = age;
            }
          }
        } else if (!(low[i] > low[i - lowAge])) lowAge = 0;
        const known = i >= full;
        upOut[i] = known ? percent[2 * length - highAge] : Number.NaN;
        downOut[i] = known ? percent[2 * length - lowAge] : Number.NaN;
        difference[i] = known ? percent[length + lowAge - highAge] : Number.NaN;
      }
      state[0] = highAge;
      state[1] = lowAge;
    },
  };
}
