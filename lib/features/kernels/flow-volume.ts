import type { Kernel } from '../kernel.ts';

/**
 * Chaikin's money flow volume: the volume times the place of the close in the candle, from −1 at its low to 1 at its
 * high; 0 if these are equal, as in TA-Lib AD. Inputs: high, low, close, volume.
 */
export function flowVolume(): Kernel {
  return {
    run(_state, [high, low, close, volume], [out], begin, end) {
      for (let i = begin; i < end; i++) {
        const range = high[i] - low[i];
        out[i] = range > 0 ? ((close[i] - low[i] - (high[i] - close[i])) / range) * volume[i] : 0;
      }
    },
  };
}
