import type { Kernel } from '../kernel.ts';

/**
 * The volume with the sign of the change of the close; 0 if the close did not change. The first candle counts as a
 * rise. Its sum is TA-Lib OBV. Inputs: close, volume.
 */
export function signedVolume(): Kernel {
  return {
    history: 1,
    run(_state, [close, volume], [out], begin, end) {
      for (let i = begin; i < end; i++) {
        const change = close[i] - close[i - 1];
        // The change of the first candle is NaN.
        out[i] = volume[i] * (Number(!(change <= 0)) - Number(change < 0));
      }
    },
  };
}
