import type { Kernel } from '../kernel.ts';

/**
 * Money flow of each candle, price × volume, apart for a typical price that rose and one that fell; a tie counts for
 * neither, as in TA-Lib MFI. Inputs: typical price, volume.
 */
export function moneyFlow(): Kernel {
  return {
    history: 1,
    warmUp: 1,
    run(_state, [price, volume], [rising, falling], begin, end) {
      for (let i = begin; i < end; i++) {
        const change = price[i] - price[i - 1];
        const flow = Number.isNaN(change) ? Number.NaN : price[i] * volume[i];
        // Nobody can predict whether a price rises, so there is no branch.
        rising[i] = flow * Number(change > 0);
        falling[i] = flow * Number(change < 0);
      }
    },
  };
}
