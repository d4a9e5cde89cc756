import type { Kernel } from '../kernel.ts';
import { further } from '../windows/further.ts';

/** True range: of high − low and the distances of both to the close before, the largest. TA-Lib TRANGE. */
export function trueRange(): Kernel {
  return {
    history: 1,
    warmUp: 1,
    run(_state, [high, low, close], [out], begin, end) {
      for (let i = begin; i < end; i++) {
        const before = close[i - 1];
        // The same bits as the largest of the three.
        out[i] = further(high[i], before, 1) - further(low[i], before, -1);
      }
    },
  };
}
