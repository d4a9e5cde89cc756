import { feature, featureRows } from '../feature-row.ts';
import { adx } from '../kernels/adx.ts';
import { directionalIndicators } from '../kernels/directional-indicators.ts';
import { ema } from '../kernels/ema.ts';
import { macd } from '../kernels/macd.ts';
import { sma } from '../kernels/sma.ts';
import { every, flat, none } from './words.ts';

/** Trend. */
export const TREND = featureRows(
  feature({ sma_20: 'Mean of the last 20 closes' }, sma, { length: 20 }, ['close'], 'TA-Lib SMA', none),
  feature({ ema_20: 'Exponential average of 20 closes' }, ema, { length: 20 }, ['close'], 'TA-Lib EMA', none),
  feature({ ema_200: 'Exponential average of 200 closes' }, ema, { length: 200 }, ['close'], 'TA-Lib EMA', none),
  feature(
    {
      macd_12_26_9: 'EMA 12 less EMA 26 of the close',
      macd_12_26_9_signal: 'EMA 9 of macd_12_26_9',
      macd_12_26_9_hist: 'macd_12_26_9 less its signal',
    },
    macd,
    { fast: 12, slow: 26, signal: 9 },
    ['close'],
    'TA-Lib MACD',
    none,
  ),
  feature(
    {
      plus_di_14: 'Upward movement as a share of the true range, 0 to 100',
      minus_di_14: 'Downward movement as a share of the true range, 0 to 100',
    },
    directionalIndicators,
    { length: 14 },
    ['high', 'low', 'trange'],
    'TA-Lib PLUS_DI, MINUS_DI',
    flat,
  ),
  feature(
    { adx_14: 'Strength of the trend whatever its direction, 0 to 100' },
    adx,
    { length: 14 },
    ['plus_di_14', 'minus_di_14'],
    'TA-Lib ADX',
    every,
  ),
);
