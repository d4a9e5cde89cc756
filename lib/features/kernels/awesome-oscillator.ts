import type { Kernel } from '../kernel.ts';
import { windowSums } from '../windows/window-sums.ts';

/**
 * Fast simple average less slow one: over the median price, Williams' awesome oscillator (1998). Second output: the
 * slow.
 */
export function awesomeOscillator({ fast, slow }: { fast: number; slow: number }): Kernel {
  const longest = Math.max(fast, slow);
  const ends = new Float64Array(longest + 1);
  return {
    history: longest - 1,
    warmUp: longest - 1,
    run(_state, [x], [out, slowOut], begin, end, index) {
      windowSums(x, fast, out, begin, end, index, ends);
      windowSums(x, slow, slowOut, begin, end, index, ends);
      for (let i = begin; i < end; i++) {
        slowOut[i] /= slow;
        out[i] = out[i] / fast - slowOut[i];
      }
    },
  };
}
