import type { Side } from './further.ts';
import type { OverWindows } from './window-sums.ts';

const { max } = Math;

/**
 * Returns a function that writes the highest (side 1) or the lowest (side −1) of the last `length` values at each row.
 * It takes three comparisons per row for any length (van Herk 1992, Gil and Werman 1993), because a window is the end
 * of one block and the beginning of the next. A window that contains NaN gives NaN.
 */
export function windowExtremes(length: number, side: Side): OverWindows {
  const ends = new Float64Array(length + 1).fill(Number.NEGATIVE_INFINITY);
  return (x, out, begin, end, index) => {
    let place = index % length;
    for (let i = begin; i < end; place = 0) {
      const block = i - place;
      let furthest = Number.NEGATIVE_INFINITY;
      for (let k = length - 1; k > place; k--) {
        furthest = max(furthest, side * x[block - length + k]);
        ends[k] = furthest;
      }
      let start = Number.NEGATIVE_INFINITY;
      for (let j = block; j < i; j++) start = max(start, side * x[j]);
      const stop = Math.min(end, block + length);
      for (; i < stop; i++) {
        start = max(start, side * x[i]);
        out[i] = side * max(ends[++place], start);
      }
    }
  };
}
