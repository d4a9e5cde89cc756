import { feature, featureRows } from '../feature-row.ts';
import { dayDeviation, dayMoments } from '../kernels/day-moments.ts';
import { ewm } from '../kernels/ewm.ts';
import { nearBottom } from '../kernels/near-bottom.ts';
import { nearTop } from '../kernels/near-top.ts';
import { percentChange } from '../kernels/percent-change.ts';
import { zscore } from '../kernels/zscore.ts';
import { every, FLAG, flat, none } from './words.ts';

const SOURCE = 'the original system';
const NEAR = { within: 0.003 };

const top = (window: string) => `1 where the close is within 0.3 % below the highest high of ${window}, else 0`;
const low = (window: string) => `1 where the close is within 0.3 % above the lowest low of ${window}, else 0`;

/** What the original system computed. */
export const ORIGINAL = featureRows(
  feature(
    { candle_return: ['Change of the close, %, to 2 decimals', 'round(100 * (close / lag(close, 1) - 1), 2)'] },
    percentChange,
    {},
    ['close'],
    SOURCE,
    flat,
  ),
  feature(
    {
      volume_mean_1d: ['Mean volume of 1 day', 'mean(volume, days(1))'],
      volume_std_1d: ['Sample standard deviation of the volume of 1 day', 'std(volume, days(1))'],
    },
    dayMoments,
    { days: 1, defined: 1 },
    ['volume'],
    SOURCE,
    none,
  ),
  feature(
    {
      taker_ratio_mean_2d: ['Mean taker_ratio of 2 days', 'mean_of_defined(taker_ratio, days(2), 0.5)'],
      taker_ratio_std_2d: [
        'Sample standard deviation of taker_ratio of 2 days',
        'std_of_defined(taker_ratio, days(2), 0.5)',
      ],
    },
    dayMoments,
    { days: 2, defined: 0.5 },
    ['taker_ratio'],
    SOURCE,
    flat,
  ),
  feature(
    {
      taker_ratio_zscore_2d: [
        'Distance of taker_ratio from its mean of 2 days, in standard deviations',
        '(taker_ratio - taker_ratio_mean_2d) / taker_ratio_std_2d',
      ],
    },
    zscore,
    {},
    ['taker_ratio', 'taker_ratio_mean_2d', 'taker_ratio_std_2d'],
    SOURCE,
    every,
  ),
  feature(
    { volatility_7d: ['Sample standard deviation of return_1 of 7 days', 'std(return_1, days(7))'] },
    dayDeviation,
    { days: 7, defined: 1 },
    ['return_1'],
    SOURCE,
    every,
    { hidden: ['return_mean_7d'] },
  ),
  feature(
    { volume_ema_20: ['Exponential average of the volume', 'ewm(volume, 20)'] },
    ewm,
    { span: 20 },
    ['volume'],
    SOURCE,
    none,
  ),
  feature(
    { volatility_7d_ema_20: ['Exponential average of it', 'ewm(volatility_7d, 20)'] },
    ewm,
    { span: 20 },
    ['volatility_7d'],
    SOURCE,
    flat,
  ),
  feature(
    { near_top_1d: [top('1 day'), 'if(close < max(high, days(1)) and close >= 0.997 * max(high, days(1)), 1, 0)'] },
    nearTop,
    { days: 1, ...NEAR },
    ['high', 'close'],
    SOURCE,
    flat,
    FLAG,
  ),
  feature(
    { near_top_2d: [top('2 days'), 'if(close < max(high, days(2)) and close >= 0.997 * max(high, days(2)), 1, 0)'] },
    nearTop,
    { days: 2, ...NEAR },
    ['high', 'close'],
    SOURCE,
    flat,
    FLAG,
  ),
  feature(
    { near_top_7d: [top('7 days'), 'if(close < max(high, days(7)) and close >= 0.997 * max(high, days(7)), 1, 0)'] },
    nearTop,
    { days: 7, ...NEAR },
    ['high', 'close'],
    SOURCE,
    flat,
    FLAG,
  ),
  feature(
    { near_bottom_1d: [low('1 day'), 'if(close > min(low, days(1)) and close <= 1.003 * min(low, days(1)), 1, 0)'] },
    nearBottom,
    { days: 1, ...NEAR },
    ['low', 'close'],
    SOURCE,
    flat,
    FLAG,
  ),
  feature(
    { near_bottom_2d: [low('2 days'), 'if(close > min(low, days(2)) and close <= 1.003 * min(low, days(2)), 1, 0)'] },
    nearBottom,
    { days: 2, ...NEAR },
    ['low', 'close'],
    SOURCE,
    flat,
    FLAG,
  ),
  feature(
    { near_bottom_7d: [low('7 days'), 'if(close > min(low, days(7)) and close <= 1.003 * min(low, days(7)), 1, 0)'] },
    nearBottom,
    { days: 7, ...NEAR },
    ['low', 'close'],
    SOURCE,
    flat,
    FLAG,
  ),
);
