import type { Kernel } from '../kernel.ts';

/**
 * Rank of a value among the last `length`, itself included, ÷ `length`, above 0 to 1; equal values share the mean of
 * their ranks. As pandas `rolling(n).rank(pct=True)`. The window is kept sorted: a row moves the values between the one
 * that leaves and the one that comes.
 */
export function percentRank({ length }: { length: number }): Kernel {
  const sorted = new Float64Array(length);
  return {
    stateLength: 0,
    history: length,
    warmUp: length - 1,
    run(_state, [x], [out], begin, end, index) {
      const first = begin + Math.max(0, length - 1 - index);
      for (let i = begin; i < Math.min(first, end); i++) out[i] = Number.NaN;
      if (first >= end) return;
      // The first window, sorted by insertion.
      for (let k = 0; k < length; k++) {
        const value = x[first - length + 1 + k];
        let place = k;
        for (; place > 0 && sorted[place - 1] > value; place--) sorted[place] = sorted[place - 1];
        sorted[place] = value;
      }
      for (let i = first; i < end; i++) {
        const value = x[i];
        let below = 0;
        if (i === first) {
          while (sorted[below] < value) below++;
        } else {
          const leaving = x[i - length];
          let place = firstNotBelow(sorted, leaving, length);
          if (value > leaving) {
            for (; place + 1 < length && sorted[place + 1] < value; place++) sorted[place] = sorted[place + 1];
          } else {
            for (; place > 0 && sorted[place - 1] >= value; place--) sorted[place] = sorted[place - 1];
          }
          sorted[place] = value;
          below = place;
        }
        let notAbove = below + 1;
        while (notAbove < length && sorted[notAbove] === value) notAbove++;
        out[i] = (below + notAbove + 1) / (2 * length);
      }
    },
  };
}

/** Place of the first of the sorted values that is not below this one, which is among them. */
function firstNotBelow(sorted: Float64Array, value: number, length: number): number {
  let low = 0;
  let high = length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
