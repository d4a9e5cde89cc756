import type { Kernel } from '../kernel.ts';

/** (high − low) ÷ close. Inputs: high, low, close. */
export function rangeRatio(): Kernel {
  return {
    stateLength: 0,
    history: 0,
    warmUp: 0,
    run(_state, [high, low, close], [out], begin, end) {
      for (let i = begin; i < end; i++) out[i] = close[i] === 0 ? Number.NaN : (high[i] - low[i]) / close[i];
    },
  };
}
