import { feature, featureRows } from '../feature-row.ts';
import { bandPlace } from '../kernels/band-place.ts';
import { bollinger } from '../kernels/bollinger.ts';
import { wilder } from '../kernels/wilder.ts';
import { flat, none } from './words.ts';

/** Volatility. */
export const VOLATILITY = featureRows(
  feature({ atr_14: 'Average true range, a price' }, wilder, { length: 14 }, ['trange'], 'TA-Lib ATR', none),
  feature(
    {
      bbands_20_2_upper: 'Mean of 20 closes plus 2 standard deviations',
      bbands_20_2_middle: 'Mean of 20 closes',
      bbands_20_2_lower: 'Mean of 20 closes less 2 standard deviations',
    },
    bollinger,
    { length: 20, deviations: 2 },
    ['close'],
    'TA-Lib BBANDS',
    none,
  ),
  feature(
    {
      bbands_20_2_width: 'Distance of the bands ÷ middle band',
      bbands_20_2_percent: 'Place of the close between the bands: 0 at the lower, 1 at the upper',
    },
    bandPlace,
    {},
    ['close', 'bbands_20_2_upper', 'bbands_20_2_middle', 'bbands_20_2_lower'],
    'Bollinger 2001',
    flat,
  ),
);
