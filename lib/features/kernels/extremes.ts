import type { Kernel } from '../kernel.ts';
import { shortExtremes } from '../windows/short-extremes.ts';

/**
 * Highest of the last `length` values of the first input, lowest of the second. If `part` is given, the inputs are the
 * highest and the lowest of the last `part` values.
 */
export function extremes({ part = 1, length }: { part?: number; length: number }): Kernel {
  return {
    history: length - part,
    warmUp: length - part,
    run(_state, [high, low], [highest, lowest], begin, end) {
      shortExtremes(high, part, length, 1, highest, begin, end);
      shortExtremes(low, part, length, -1, lowest, begin, end);
    },
  };
}
