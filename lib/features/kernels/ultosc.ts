import type { Kernel } from '../kernel.ts';
import { windowSums } from '../windows/window-sums.ts';

/**
 * Ultimate oscillator, 0 to 100 (Williams 1985): buying pressure as a share of the true range over three windows,
 * weighted 4, 2 and 1. TA-Lib ULTOSC, where a window without range adds nothing. Inputs: buying pressure, true range.
 * Further outputs: both summed over the slowest window.
 */
export function ultosc({ fast, middle, slow }: { fast: number; middle: number; slow: number }): Kernel {
  const ends = new Float64Array(Math.max(fast, middle, slow) + 1);
  const windows = [
    [fast, 4],
    [middle, 2],
    [slow, 1],
  ] as const;
  const longest = Math.max(fast, middle, slow) - 1;
  return {
    stateLength: 0,
    history: longest,
    warmUp: longest,
    run(_state, [pressure, range], [out, pressures, ranges], begin, end, index) {
      out.fill(0, begin, end);
      for (const [length, weight] of windows) {
        windowSums(pressure, length, pressures, begin, end, index, ends);
        windowSums(range, length, ranges, begin, end, index, ends);
        for (let i = begin; i < end; i++) if (ranges[i] !== 0) out[i] += weight * (pressures[i] / ranges[i]);
      }
      for (let i = begin; i < end; i++) out[i] = 100 * (out[i] / 7);
    },
  };
}
