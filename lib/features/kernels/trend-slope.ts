import type { Kernel } from '../kernel.ts';

/**
 * Slope of the line by least squares through the last `length` values, for each row. From differences of values the same
 * distance from the middle, so that equal values have a slope of exactly 0.
 */
export function trendSlope({ length }: { length: number }): Kernel {
  const middle = (length - 1) / 2;
  const spread = (length * (length * length - 1)) / 12;
  return {
    stateLength: 0,
    history: length - 1,
    warmUp: length - 1,
    run(_state, [x], [out], begin, end) {
      for (let i = begin; i < end; i++) {
        let sum = 0;
        for (let late = i, early = i - length + 1, far = middle; late > early; late--, early++, far--) {
          sum += far * (x[late] - x[early]);
        }
        out[i] = sum / spread;
      }
    },
  };
}
