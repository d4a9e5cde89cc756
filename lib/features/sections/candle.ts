import { feature, featureRows } from '../feature-row.ts';
import { candleParts } from '../kernels/candle-parts.ts';
import { change } from '../kernels/change.ts';
import { gap } from '../kernels/gap.ts';
import { lagged } from '../kernels/lagged.ts';
import { rangeRatio } from '../kernels/range-ratio.ts';
import { every, flat, HLC } from './words.ts';

/** The candle and its past. */
export const CANDLE = featureRows(
  feature(
    { return_1: ['Close ÷ close 1 candle ago − 1', 'close / lag(close, 1) - 1'] },
    change,
    { lag: 1 },
    ['close'],
    'its definition',
    flat,
  ),
  feature(
    { return_2: ['Close ÷ close 2 candles ago − 1', 'close / lag(close, 2) - 1'] },
    change,
    { lag: 2 },
    ['close'],
    'its definition',
    flat,
  ),
  feature(
    { return_3: ['Close ÷ close 3 candles ago − 1', 'close / lag(close, 3) - 1'] },
    change,
    { lag: 3 },
    ['close'],
    'its definition',
    flat,
  ),
  feature(
    { return_5: ['Close ÷ close 5 candles ago − 1', 'close / lag(close, 5) - 1'] },
    change,
    { lag: 5 },
    ['close'],
    'its definition',
    flat,
  ),
  feature(
    { return_10: ['Close ÷ close 10 candles ago − 1', 'close / lag(close, 10) - 1'] },
    change,
    { lag: 10 },
    ['close'],
    'its definition',
    flat,
  ),
  feature(
    { return_15: ['Close ÷ close 15 candles ago − 1', 'close / lag(close, 15) - 1'] },
    change,
    { lag: 15 },
    ['close'],
    'its definition',
    flat,
  ),
  feature(
    { return_30: ['Close ÷ close 30 candles ago − 1', 'close / lag(close, 30) - 1'] },
    change,
    { lag: 30 },
    ['close'],
    'its definition',
    flat,
  ),
  feature(
    { return_1_lag_1: ['return_1 of 1 candle ago', 'lag(return_1, 1)'] },
    lagged,
    { lag: 1 },
    ['return_1'],
    'its definition',
    flat,
  ),
  feature(
    { return_1_lag_2: ['return_1 of 2 candles ago', 'lag(return_1, 2)'] },
    lagged,
    { lag: 2 },
    ['return_1'],
    'its definition',
    flat,
  ),
  feature(
    { return_1_lag_3: ['return_1 of 3 candles ago', 'lag(return_1, 3)'] },
    lagged,
    { lag: 3 },
    ['return_1'],
    'its definition',
    flat,
  ),
  feature(
    { return_1_lag_4: ['return_1 of 4 candles ago', 'lag(return_1, 4)'] },
    lagged,
    { lag: 4 },
    ['return_1'],
    'its definition',
    flat,
  ),
  feature(
    { return_1_lag_5: ['return_1 of 5 candles ago', 'lag(return_1, 5)'] },
    lagged,
    { lag: 5 },
    ['return_1'],
    'its definition',
    flat,
  ),
  feature(
    {
      body_ratio: ['Body as a part of high − low, 0 to 1', 'body / range'],
      upper_shadow_ratio: ['Upper shadow as a part of high − low, 0 to 1', 'upper / range'],
      lower_shadow_ratio: ['Lower shadow as a part of high − low, 0 to 1', 'lower / range'],
    },
    candleParts,
    {},
    ['candle_range', 'candle_body', 'candle_upper', 'candle_lower'],
    'its definition',
    every,
  ),
  feature({ range_ratio: ['(high − low) ÷ close', 'range / close'] }, rangeRatio, {}, HLC, 'its definition', every),
  feature(
    { gap_open: ['Open ÷ close before − 1', 'open / lag(close, 1) - 1'] },
    gap,
    {},
    ['open', 'close'],
    'its definition',
    flat,
  ),
);
