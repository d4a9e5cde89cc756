import { column, feature, featureSection } from '../feature-row.ts';
import { zscore } from '../kernels/arithmetic.ts';
import { percentChange } from '../kernels/changes.ts';
import { ewm } from '../kernels/exponential-averages.ts';
import { dayDeviation, dayMoments } from '../kernels/moments.ts';
import { nearBottom, nearTop } from '../kernels/near-extreme.ts';
import { ALL_MODELS, TABULAR_MODELS } from './models-and-inputs.ts';

const SOURCE = 'the original system';
const NEAR = { source: SOURCE, sets: TABULAR_MODELS, type: 'int8' } as const;

/** Columns of the original system. */
export const ORIGINAL = featureSection(
  feature(
    { candle_return: ['Change of the close, %, to 2 decimals', 'round(100 * (close / lag(close, 1) - 1), 2)'] },
    { kernel: percentChange, inputs: ['close'], source: SOURCE, sets: TABULAR_MODELS },
  ),
  feature(
    {
      volume_mean_1d: ['Mean volume of 1 day', 'mean(volume, days(1))'],
      volume_std_1d: ['Sample standard deviation of the volume of 1 day', 'std(volume, days(1))'],
    },
    { kernel: dayMoments, parameters: { days: 1, defined: 1 }, inputs: ['volume'], source: SOURCE },
  ),
  feature(
    {
      taker_ratio_mean_2d: ['Mean taker_ratio of 2 days', 'mean_of_defined(taker_ratio, days(2), 0.5)'],
      taker_ratio_std_2d: [
        'Sample standard deviation of taker_ratio of 2 days',
        'std_of_defined(taker_ratio, days(2), 0.5)',
      ],
    },
    {
      kernel: dayMoments,
      parameters: { days: 2, defined: 0.5 },
      inputs: ['taker_ratio'],
      source: SOURCE,
      sets: TABULAR_MODELS,
    },
  ),
  feature(
    {
      taker_ratio_zscore_2d: [
        'Distance of taker_ratio from its mean of 2 days, in standard deviations',
        '(taker_ratio - taker_ratio_mean_2d) / taker_ratio_std_2d',
      ],
    },
    {
      kernel: zscore,
      inputs: ['taker_ratio', 'taker_ratio_mean_2d', 'taker_ratio_std_2d'],
      source: SOURCE,
      sets: ALL_MODELS,
    },
  ),
  feature(
    { volatility_7d: ['Sample standard deviation of return_1 of 7 days', 'std(return_1, days(7))'] },
    {
      kernel: dayDeviation,
      parameters: { days: 7, defined: 1 },
      inputs: ['return_1'],
      source: SOURCE,
      sets: ALL_MODELS,
      hidden: ['return_mean_7d'],
    },
  ),
  feature(
    { volume_ema_20: ['Exponential average of the volume', 'ewm(volume, 20)'] },
    { kernel: ewm, parameters: { span: 20 }, inputs: ['volume'], source: SOURCE },
  ),
  feature(
    { volatility_7d_ema_20: ['Exponential average of it', 'ewm(volatility_7d, 20)'] },
    { kernel: ewm, parameters: { span: 20 }, inputs: ['volatility_7d'], source: SOURCE, sets: TABULAR_MODELS },
  ),
  nearTopOf(1),
  nearTopOf(2),
  nearTopOf(7),
  nearBottomOf(1),
  nearBottomOf(2),
  nearBottomOf(7),
);

function nearTopOf<const Days extends number>(days: Days) {
  const meaning = `1 if the close is within 0.3 % below the highest high of ${inDays(days)}, else 0`;
  const highest = `max(high, days(${days}))`;
  const formula = `if(close < ${highest} and close >= 0.997 * ${highest}, 1, 0)`;
  return feature(column(`near_top_${days}d`, meaning, formula), {
    kernel: nearTop,
    parameters: { days, within: 0.003 },
    inputs: ['high', 'close'],
    ...NEAR,
  });
}

function nearBottomOf<const Days extends number>(days: Days) {
  const meaning = `1 if the close is within 0.3 % above the lowest low of ${inDays(days)}, else 0`;
  const lowest = `min(low, days(${days}))`;
  const formula = `if(close > ${lowest} and close <= 1.003 * ${lowest}, 1, 0)`;
  return feature(column(`near_bottom_${days}d`, meaning, formula), {
    kernel: nearBottom,
    parameters: { days, within: 0.003 },
    inputs: ['low', 'close'],
    ...NEAR,
  });
}

function inDays(days: number): string {
  return days === 1 ? '1 day' : `${days} days`;
}
