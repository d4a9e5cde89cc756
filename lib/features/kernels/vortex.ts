import { type Kernel, rowwise, stateless } from '../kernel.ts';
import { windowSums } from '../windows/window-sums.ts';

/** Vortex movements: from the low before to the high, and from the high before to the low. Inputs: high, low. */
export const vortexMoves = rowwise(([high, low], [plus, minus], begin, end) => {
  for (let i = begin; i < end; i++) {
    plus[i] = Math.abs(high[i] - low[i - 1]);
    minus[i] = Math.abs(low[i] - high[i - 1]);
  }
}, 1);

/**
 * Vortex indicators VI+ and VI− (Botes & Siepman 2010): sum of the movements of `length` candles ÷ sum of their true
 * ranges; undefined if these are zero. Inputs: movements up, movements down, true range. Third output: its sum.
 */
export function vortex({ length }: { length: number }): Kernel {
  const sum = windowSums(length);
  return stateless(([up, down, range], [plus, minus, ranges], begin, end, index) => {
    sum(up, plus, begin, end, index);
    sum(down, minus, begin, end, index);
    sum(range, ranges, begin, end, index);
    for (let i = begin; i < end; i++) {
      const moved = ranges[i] !== 0;
      plus[i] = moved ? plus[i] / ranges[i] : Number.NaN;
      minus[i] = moved ? minus[i] / ranges[i] : Number.NaN;
    }
  }, length - 1);
}
