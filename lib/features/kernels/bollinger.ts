import type { Kernel } from '../kernel.ts';
import { allocateMomentEnds, windowMoments } from '../windows/window-moments.ts';

/**
 * Bollinger bands: upper, middle and lower. TA-Lib BBANDS over a simple average, with the standard deviation of the
 * population.
 */
export function bollinger({ length, deviations }: { length: number; deviations: number }): Kernel {
  const ends = allocateMomentEnds(length);
  return {
    stateLength: 0,
    history: length - 1,
    warmUp: length - 1,
    run(_state, [x], [upper, middle, lower], begin, end, index) {
      windowMoments(x, length, length, 0, middle, upper, begin, end, index, ends);
      for (let i = begin; i < end; i++) {
        const half = deviations * Math.sqrt(upper[i]);
        upper[i] = middle[i] + half;
        lower[i] = middle[i] - half;
      }
    },
  };
}
