import type { Kernel } from '../kernel.ts';
import { further } from '../windows/further.ts';

/** Buying pressure (Williams 1985): close less the lower of the low and the close before. Inputs: low, close. */
export function buyingPressure(): Kernel {
  return {
    history: 1,
    warmUp: 1,
    run(_state, [low, close], [out], begin, end) {
      for (let i = begin; i < end; i++) out[i] = close[i] - further(low[i], close[i - 1], -1);
    },
  };
}
