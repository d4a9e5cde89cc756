import type { Kernel } from '../kernel.ts';
import { allocateMomentEnds, windowMoments } from '../windows/window-moments.ts';

/**
 * Mean of the defined values among the last `length`, of which the share `defined` must be there. Undefined until the
 * window is full, `first` being the row of the series at which the input begins. Second output: their sample variance.
 */
export function definedMean({ length, defined, first }: { length: number; defined: number; first: number }): Kernel {
  const ends = allocateMomentEnds(length);
  const least = Math.ceil(length * defined);
  return {
    history: length - 1,
    warmUp: length - 1,
    run(_state, [x], [mean, variance], begin, end, index) {
      windowMoments(x, length, least, 1, mean, variance, begin, end, index, ends);
      const full = Math.min(end, begin + Math.max(0, first + length - 1 - index));
      mean.fill(Number.NaN, begin, full);
      variance.fill(Number.NaN, begin, full);
    },
  };
}
