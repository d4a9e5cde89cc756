import { twinned } from '../kernel.ts';

/** Bought less sold volume of a candle: 2 × taker buy volume − volume. Inputs: volume, taker buy volume. */
export const deltaVolume = twinned({ twin: 'deltaVolume' }, ([volume, bought], [out], begin, end) => {
  for (let i = begin; i < end; i++) out[i] = 2 * bought[i] - volume[i];
});
