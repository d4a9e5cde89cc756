import { type Kernel, stateless, twinned } from '../kernel.ts';
import { sumsScratch, windowSums } from '../windows/window-sums.ts';

/**
 * Money flow of each candle, price × volume, apart for a typical price that rose and one that fell; a tie counts for
 * neither, as in TA-Lib MFI. Inputs: typical price, volume.
 */
export const moneyFlow = twinned(
  { twin: 'moneyFlow', history: 1 },
  ([price, volume], [rising, falling], begin, end) => {
    for (let i = begin; i < end; i++) {
      const change = price[i] - price[i - 1];
      const flow = Number.isNaN(change) ? Number.NaN : price[i] * volume[i];
      // Nobody can predict whether a price rises, so there is no branch.
      rising[i] = flow * Number(change > 0);
      falling[i] = flow * Number(change < 0);
    }
  },
);

/**
 * Money flow index, 0 to 100: the rising part of the money flow of the last `length` changes. TA-Lib MFI up to 0.6,
 * which gives 0 if the whole flow is less than 1 (0.8 gives the ratio there too). Inputs: rising and falling money
 * flow. Second output: the falling flow of the window.
 */
export function mfi({ length }: { length: number }): Kernel {
  const sum = windowSums(length);
  const kernel = stateless(([rising, falling], [out, fell], begin, end, index) => {
    sum(rising, out, begin, end, index);
    sum(falling, fell, begin, end, index);
    for (let i = begin; i < end; i++) {
      const flow = out[i] + fell[i];
      out[i] = flow < 1 ? 0 : (100 * out[i]) / flow;
    }
  }, length - 1);
  return { ...kernel, twin: { name: 'mfi', parameters: [length], scratch: sumsScratch(length) } };
}
