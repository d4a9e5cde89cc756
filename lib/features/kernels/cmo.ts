import type { Kernel } from '../kernel.ts';

/**
 * Chande momentum oscillator, −100 to 100, from the average gain and the average loss: (gain − loss) ÷ (gain + loss).
 * TA-Lib CMO, which smooths as Wilder does, and gives 0 if nothing has moved.
 */
export function cmo(): Kernel {
  return {
    run(_state, [gain, loss], [out], begin, end) {
      for (let i = begin; i < end; i++) {
        const both = gain[i] + loss[i];
        out[i] = both <= 1e-14 ? 0 : 100 * ((gain[i] - loss[i]) / both);
      }
    },
  };
}
