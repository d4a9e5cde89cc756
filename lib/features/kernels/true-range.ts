import type { Kernel } from '../kernel.ts';

/** True range: of high − low and the distances of both to the close before, the largest. TA-Lib TRANGE. */
export function trueRange(): Kernel {
  return {
    stateLength: 0,
    history: 1,
    warmUp: 1,
    run(_state, [high, low, close], [out], begin, end) {
      for (let i = begin; i < end; i++) {
        const before = close[i - 1];
        out[i] = Math.max(high[i] - low[i], Math.abs(high[i] - before), Math.abs(low[i] - before));
      }
    },
  };
}
