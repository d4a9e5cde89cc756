import type { Kernel } from '../kernel.ts';

/** Elder's force of one candle: change of the close × volume. Inputs: close, volume. */
export function force(): Kernel {
  return {
    stateLength: 0,
    history: 1,
    warmUp: 1,
    run(_state, [close, volume], [out], begin, end) {
      for (let i = begin; i < end; i++) out[i] = (close[i] - close[i - 1]) * volume[i];
    },
  };
}
