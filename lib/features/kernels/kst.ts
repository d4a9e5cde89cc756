import type { Kernel } from '../kernel.ts';
import { windowSums } from '../windows/window-sums.ts';

/**
 * "Know sure thing" (Pring 1992): four rates of change, each averaged, weighted 1 to 4. The first three averages have
 * `average` rows, the last has `last`. Inputs: the rates, from the shortest to the longest. Second output: the average
 * of the last.
 */
export function kst({ average, last }: { average: number; last: number }): Kernel {
  const longest = Math.max(average, last);
  const ends = new Float64Array(longest + 1);
  return {
    history: longest - 1,
    warmUp: longest - 1,
    run(_state, rates, [out, mean], begin, end, index) {
      out.fill(0, begin, end);
      for (let rate = 0; rate < rates.length; rate++) {
        const length = rate < rates.length - 1 ? average : last;
        windowSums(rates[rate], length, mean, begin, end, index, ends);
        for (let i = begin; i < end; i++) {
          mean[i] /= length;
          out[i] += (rate + 1) * mean[i];
        }
      }
    },
  };
}
