import type { Kernel } from '../kernel.ts';
import { widerHighest, widerLowest } from '../windows/wider-extremes.ts';

/** Highest and lowest of the last `length` values. Inputs: highest and lowest of the last `part`. */
export function widerExtremes({ part, length }: { part: number; length: number }): Kernel {
  return {
    stateLength: 0,
    history: length - part,
    warmUp: length - part,
    run(_state, [high, low], [highest, lowest], begin, end) {
      widerHighest(high, part, length, highest, begin, end);
      widerLowest(low, part, length, lowest, begin, end);
    },
  };
}
