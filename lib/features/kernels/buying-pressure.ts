import type { Kernel } from '../kernel.ts';
import { smaller } from '../windows/larger.ts';

/** Buying pressure (Williams 1985): close less the lower of the low and the close before. Inputs: low, close. */
export function buyingPressure(): Kernel {
  return {
    stateLength: 0,
    history: 1,
    warmUp: 1,
    run(_state, [low, close], [out], begin, end) {
      for (let i = begin; i < end; i++) out[i] = close[i] - smaller(low[i], close[i - 1]);
    },
  };
}
