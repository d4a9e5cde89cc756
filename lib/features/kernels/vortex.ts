import type { Kernel } from '../kernel.ts';
import { windowSums } from '../windows/window-sums.ts';

/**
 * Vortex indicators VI+ and VI− (Botes & Siepman 2010): sum of the movements of `length` candles ÷ sum of their true
 * ranges; undefined if these are zero. Inputs: movements up, movements down, true range. Third output: its sum.
 */
export function vortex({ length }: { length: number }): Kernel {
  const ends = new Float64Array(length + 1);
  return {
    history: length - 1,
    warmUp: length - 1,
    run(_state, [up, down, range], [plus, minus, ranges], begin, end, index) {
      windowSums(up, length, plus, begin, end, index, ends);
      windowSums(down, length, minus, begin, end, index, ends);
      windowSums(range, length, ranges, begin, end, index, ends);
      for (let i = begin; i < end; i++) {
        const moved = ranges[i] !== 0;
        plus[i] = moved ? plus[i] / ranges[i] : Number.NaN;
        minus[i] = moved ? minus[i] / ranges[i] : Number.NaN;
      }
    },
  };
}
