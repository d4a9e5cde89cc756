import type { Kernel } from '../kernel.ts';
import { windowHighest, windowLowest } from '../windows/window-extremes.ts';

/** Highest of the last `length` values of the first input, lowest of the second. */
export function extremes({ length }: { length: number }): Kernel {
  const ends = new Float64Array(length + 1);
  return {
    stateLength: 0,
    history: length - 1,
    warmUp: length - 1,
    run(_state, [high, low], [highest, lowest], begin, end, index) {
      windowHighest(high, length, highest, begin, end, index, ends);
      windowLowest(low, length, lowest, begin, end, index, ends);
    },
  };
}
