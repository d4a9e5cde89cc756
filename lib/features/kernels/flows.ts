import { twinned } from '../kernel.ts';

const { abs } = Math;

/**
 * The volume with the sign of the change of the close; 0 if the close did not change. The first candle counts as a
 * rise. Its sum is TA-Lib OBV. Inputs: close, volume.
 */
export const signedVolume = twinned(
  { twin: 'signedVolume', history: 1, warmUp: 0 },
  ([close, volume], [out], begin, end) => {
    for (let i = begin; i < end; i++) {
      const change = close[i] - close[i - 1];
      // The change of the first candle is NaN.
      out[i] = volume[i] * (Number(!(change <= 0)) - Number(change < 0));
    }
  },
);

/**
 * Chaikin's money flow volume: the volume times the place of the close in the candle, from −1 at its low to 1 at its
 * high; 0 if these are equal, as in TA-Lib AD. Inputs: high, low, close, volume.
 */
export const flowVolume = twinned({ twin: 'flowVolume' }, ([high, low, close, volume], [out], begin, end) => {
  for (let i = begin; i < end; i++) {
    const range = high[i] - low[i];
    out[i] = range > 0 ? ((close[i] - low[i] - (high[i] - close[i])) / range) * volume[i] : 0;
  }
});

/** Arms divides the volume by this, so that the number has a size one can read. */
const VOLUME_UNIT = 1e8;

/**
 * Ease of movement of one candle (Arms 1989): how far the middle of the range has moved × the range, for 10^8 of
 * volume. A candle without volume moves nothing: 0. Inputs: high, low, volume.
 */
export const easeOfMovement = twinned(
  { twin: 'easeOfMovement', history: 1 },
  ([high, low, volume], [out], begin, end) => {
    for (let i = begin; i < end; i++) {
      const moved = (high[i] - high[i - 1] + (low[i] - low[i - 1])) / 2;
      // Zero by way of the move, so that the first candle stays undefined.
      out[i] = volume[i] === 0 ? moved * 0 : (moved * (high[i] - low[i])) / (volume[i] / VOLUME_UNIT);
    }
  },
);

/** Size of a return for each unit of quote volume; undefined without trades. Inputs: return, quote volume. */
export const priceImpact = twinned({ twin: 'priceImpact' }, ([change, volume], [out], begin, end) => {
  for (let i = begin; i < end; i++) out[i] = volume[i] > 0 ? abs(change[i]) / volume[i] : Number.NaN;
});
