import type { Kernel } from '../kernel.ts';
import { allocateMomentEnds, windowMoments } from '../windows/window-moments.ts';

const { sqrt } = Math;

/**
 * Variance and mean of the last `length` values, all of them defined. `less` is 0 for the variance of a population, 1
 * for that of a sample.
 */
export function variance({ length, less }: { length: number; less: number }): Kernel {
  const ends = allocateMomentEnds(length);
  return {
    history: length - 1,
    warmUp: length - 1,
    run(_state, [x], [out, mean], begin, end, index) {
      windowMoments(x, length, length, less === 0 ? 0 : 1, mean, out, begin, end, index, ends);
    },
  };
}

/** Standard deviation and mean of the last `length` values; see `variance`. TA-Lib STDDEV with `less` 0. */
export function deviation(parameters: { length: number; less: number }): Kernel {
  const kernel = variance(parameters);
  return {
    ...kernel,
    run(state, inputs, outputs, begin, end, index) {
      kernel.run(state, inputs, outputs, begin, end, index);
      const [out] = outputs;
      for (let i = begin; i < end; i++) out[i] = sqrt(out[i]);
    },
  };
}
