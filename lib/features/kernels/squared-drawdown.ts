import type { Kernel } from '../kernel.ts';
import { doubledHighest } from '../windows/doubled-extremes.ts';

/** Square of the distance, in percent, of a value from the highest of the last `length`, itself included. */
export function squaredDrawdown({ length }: { length: number }): Kernel {
  return {
    stateLength: 0,
    history: length - 1,
    warmUp: length - 1,
    run(_state, [x], [out], begin, end) {
      doubledHighest(x, length, out, begin, end);
      for (let i = begin; i < end; i++) {
        const below = out[i] === 0 ? Number.NaN : (100 * (x[i] - out[i])) / out[i];
        out[i] = below * below;
      }
    },
  };
}
