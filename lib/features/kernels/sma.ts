import type { Kernel } from '../kernel.ts';
import { windowSums } from '../windows/window-sums.ts';

/** Simple moving average. TA-Lib SMA. */
export function sma({ length }: { length: number }): Kernel {
  const ends = new Float64Array(length + 1);
  return {
    history: length - 1,
    warmUp: length - 1,
    run(_state, [x], [out], begin, end, index) {
      windowSums(x, length, out, begin, end, index, ends);
      for (let i = begin; i < end; i++) out[i] /= length;
    },
  };
}
