import type { Kernel } from '../kernel.ts';

/**
 * Aroon (Chande 1995): how long ago the highest high and the lowest low of the last `length` + 1 candles were, 100 for
 * now and 0 for `length` candles ago, and the difference of both. TA-Lib AROON and AROONOSC: of equal ones, the latest
 * counts. Inputs: high, low, highest high and lowest low of `length` + 1 candles. The state is the age of both in
 * candles; a window is searched only when its extreme has left it.
 */
export function aroon({ length }: { length: number }): Kernel {
  // 100 × candles ÷ length, for −length to length of them.
  const percent = Float64Array.from({ length: 2 * length + 1 }, (_, k) => (100 * (k - length)) / length);
  return {
    stateLength: 2,
    history: length,
    run(state, [high, low, highest, lowest], [upOut, downOut, difference], begin, end) {
      let highAge = state[0];
      let lowAge = state[1];
      for (let i = begin; i < end; i++) {
        const top = highest[i];
        const bottom = lowest[i];
        if (Number.isNaN(top)) {
          upOut[i] = Number.NaN;
          downOut[i] = Number.NaN;
          difference[i] = Number.NaN;
          highAge = length;
          lowAge = length;
          continue;
        }
        highAge++;
        if (high[i] === top) highAge = 0;
        else if (highAge > length) for (highAge = 1; high[i - highAge] !== top; ) highAge++;
        lowAge++;
        if (low[i] === bottom) lowAge = 0;
        else if (lowAge > length) for (lowAge = 1; low[i - lowAge] !== bottom; ) lowAge++;
        upOut[i] = percent[2 * length - highAge];
        downOut[i] = percent[2 * length - lowAge];
        difference[i] = percent[length + lowAge - highAge];
      }
      state[0] = highAge;
      state[1] = lowAge;
    },
  };
}
