import { feature, featureRows, hidden } from '../feature-row.ts';
import { cci } from '../kernels/cci.ts';
import { roc } from '../kernels/roc.ts';
import { rsi } from '../kernels/rsi.ts';
import { stochFast } from '../kernels/stoch-fast.ts';
import { stochSlow } from '../kernels/stoch-slow.ts';
import { every, flat, HLC } from './words.ts';

/** Momentum. */
export const MOMENTUM = featureRows(
  feature({ rsi_14: 'Gains as a share of all moves, 0 to 100' }, rsi, { length: 14 }, ['close'], 'TA-Lib RSI', every),
  hidden(['stoch_raw_14', 'lowest_low_14'], stochFast, { length: 14 }, HLC),
  feature(
    {
      stoch_14_3_3_k: 'Place of the close in the range of 14 candles, averaged over 3, 0 to 100',
      stoch_14_3_3_d: 'Mean of the last 3 stoch_14_3_3_k, 0 to 100',
    },
    stochSlow,
    { slowing: 3, smoothing: 3 },
    ['stoch_raw_14'],
    'TA-Lib STOCH(14, 3, SMA, 3, SMA)',
    flat,
  ),
  feature(
    { cci_20: 'Distance of the typical price from its mean of 20, in 0.015 mean absolute deviations' },
    cci,
    { length: 20 },
    ['typical_price'],
    'TA-Lib CCI',
    flat,
  ),
  feature({ roc_10: 'Change of the close over 10 candles, %' }, roc, { length: 10 }, ['close'], 'TA-Lib ROC', flat),
);
