import type { Kernel } from '../kernel.ts';
import { doubledHighest, doubledLowest } from '../windows/doubled-extremes.ts';

/** Highest of the last `length` values of the first input, lowest of the second. */
export function extremes({ length }: { length: number }): Kernel {
  return {
    stateLength: 0,
    history: length - 1,
    warmUp: length - 1,
    run(_state, [high, low], [highest, lowest], begin, end) {
      doubledHighest(high, length, highest, begin, end);
      doubledLowest(low, length, lowest, begin, end);
    },
  };
}
