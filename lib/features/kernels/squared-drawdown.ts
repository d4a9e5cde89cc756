import type { Kernel } from '../kernel.ts';
import { shortExtremes } from '../windows/short-extremes.ts';

/** Square of the distance, in percent, of a value from the highest of the last `length`, itself included. */
export function squaredDrawdown({ length }: { length: number }): Kernel {
  return {
    history: length - 1,
    warmUp: length - 1,
    run(_state, [x], [out], begin, end) {
      shortExtremes(x, 1, length, 1, out, begin, end);
      for (let i = begin; i < end; i++) {
        const below = out[i] === 0 ? Number.NaN : (100 * (x[i] - out[i])) / out[i];
        out[i] = below * below;
      }
    },
  };
}
