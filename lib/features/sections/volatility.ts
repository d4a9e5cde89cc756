import { feature, featureSection, hidden } from '../feature-row.ts';
import { percentOf, squareRoot } from '../kernels/arithmetic.ts';
import { rootMean } from '../kernels/averages.ts';
import { bandPlace, envelope } from '../kernels/bands.ts';
import { wilder } from '../kernels/exponential-averages.ts';
import { donchian, squaredDrawdown } from '../kernels/extremes.ts';
import { deviation, variance } from '../kernels/moments.ts';
import { rangeVariances, yangZhang } from '../kernels/range-volatility.ts';
import { ALL_MODELS, OHLC, TABULAR_MODELS } from './models-and-inputs.ts';

/** Volatility. */
export const VOLATILITY = featureSection(
  feature(
    { atr_14: ['Average true range, a price', 'wilder(trange, 14)'] },
    { kernel: wilder, parameters: { length: 14 }, inputs: ['trange'], source: 'TA-Lib ATR' },
  ),
  feature(
    { natr_14: ['Average true range in % of the close', 'or0(100 * atr_14 / close)'] },
    { kernel: percentOf, inputs: ['atr_14', 'close'], source: 'TA-Lib NATR', sets: ALL_MODELS },
  ),
  hidden(['close_variance_20', 'close_mean_20'], {
    kernel: variance,
    parameters: { length: 20, less: 0 },
    inputs: ['close'],
  }),
  hidden(['close_population_std_20'], {
    kernel: squareRoot,
    parameters: { n: 20, less: 0 },
    inputs: ['close_variance_20'],
  }),
  feature(
    {
      bbands_20_2_upper: [
        'Mean of 20 closes plus 2 standard deviations',
        'mean(close, 20) + 2 * population_std(close, 20)',
      ],
      bbands_20_2_middle: ['Mean of 20 closes', 'mean(close, 20)'],
      bbands_20_2_lower: [
        'Mean of 20 closes less 2 standard deviations',
        'mean(close, 20) - 2 * population_std(close, 20)',
      ],
    },
    {
      kernel: envelope,
      parameters: { widths: 2 },
      inputs: ['close_mean_20', 'close_population_std_20'],
      source: 'TA-Lib BBANDS',
    },
  ),
  feature(
    {
      bbands_20_2_width: [
        'Distance of the bands ÷ middle band',
        '(bbands_20_2_upper - bbands_20_2_lower) / bbands_20_2_middle',
      ],
      bbands_20_2_percent: [
        'Place of the close between the bands: 0 at the lower, 1 at the upper',
        '(close - bbands_20_2_lower) / (bbands_20_2_upper - bbands_20_2_lower)',
      ],
    },
    {
      kernel: bandPlace,
      inputs: ['close', 'bbands_20_2_upper', 'bbands_20_2_middle', 'bbands_20_2_lower'],
      source: 'Bollinger 2001',
      sets: TABULAR_MODELS,
    },
  ),
  hidden(['atr_20'], { kernel: wilder, parameters: { length: 20 }, inputs: ['trange'] }),
  feature(
    {
      keltner_20_2_upper: ['ema_20 plus 2 average true ranges of 20', 'ema_20 + 2 * wilder(trange, 20)'],
      keltner_20_2_middle: ['ema_20 from where the bands begin', 'ema_20'],
      keltner_20_2_lower: ['ema_20 less 2 average true ranges of 20', 'ema_20 - 2 * wilder(trange, 20)'],
    },
    {
      kernel: envelope,
      parameters: { widths: 2 },
      inputs: ['ema_20', 'atr_20'],
      source: 'Keltner channels as of Raschke: EMA 20 ± 2 ATR 20, both by TA-Lib',
    },
  ),
  feature(
    {
      donchian_20_upper: ['Highest high of the last 20 candles, this one included', 'max(high, 20)'],
      donchian_20_middle: [
        'Half way between donchian_20_upper and donchian_20_lower',
        '(donchian_20_upper + donchian_20_lower) / 2',
      ],
      donchian_20_lower: ['Lowest low of the last 20 candles, this one included', 'min(low, 20)'],
    },
    {
      kernel: donchian,
      parameters: { part: 9, length: 20 },
      inputs: ['highest_high_9', 'lowest_low_9'],
      source: 'Donchian channels',
    },
  ),
  feature(
    { stddev_20: ['Standard deviation of 20 closes, of the population', 'population_std(close, 20)'] },
    { kernel: squareRoot, parameters: { n: 20, less: 0 }, inputs: ['close_variance_20'], source: 'TA-Lib STDDEV' },
  ),
  feature(
    { realized_vol_20: ['Sample standard deviation of 20 log returns', 'std(log_return_1, 20)'] },
    {
      kernel: deviation,
      parameters: { length: 20, less: 1 },
      inputs: ['log_return_1'],
      sets: ALL_MODELS,
      hidden: ['log_return_mean_20'],
    },
  ),
  feature(
    { realized_vol_96: ['Sample standard deviation of 96 log returns', 'std(log_return_1, 96)'] },
    {
      kernel: deviation,
      parameters: { length: 96, less: 1 },
      inputs: ['log_return_1'],
      sets: ALL_MODELS,
      hidden: ['log_return_mean_96'],
    },
  ),
  hidden(
    ['parkinson_variance', 'garman_klass_variance', 'rogers_satchell_variance', 'within_return', 'between_return'],
    { kernel: rangeVariances, inputs: OHLC },
  ),
  feature(
    {
      parkinson_20: [
        'Volatility of a candle from the ranges of 20',
        'sqrt(mean(ln(high / low) ^ 2 / (4 * ln(2)), 20))',
      ],
    },
    {
      kernel: rootMean,
      parameters: { length: 20 },
      inputs: ['parkinson_variance'],
      source: 'Parkinson 1980',
      sets: TABULAR_MODELS,
    },
  ),
  feature(
    {
      garman_klass_20: [
        'Volatility of a candle from ranges and bodies of 20',
        'sqrt(greater(mean(ln(high / low) ^ 2 / 2 - (2 * ln(2) - 1) * ln(close / open) ^ 2, 20), 0))',
      ],
    },
    {
      kernel: rootMean,
      parameters: { length: 20 },
      inputs: ['garman_klass_variance'],
      source: 'Garman and Klass 1980, estimator 5',
      sets: TABULAR_MODELS,
    },
  ),
  feature(
    {
      rogers_satchell_20: [
        'Volatility of a candle from all four prices of 20, whatever the drift',
        'sqrt(greater(mean(ln(high / open) * ln(high / close) + ln(low / open) * ln(low / close), 20), 0))',
      ],
    },
    {
      kernel: rootMean,
      parameters: { length: 20 },
      inputs: ['rogers_satchell_variance'],
      source: 'Rogers and Satchell 1991',
      sets: TABULAR_MODELS,
    },
  ),
  hidden(['between_variance_20', 'between_mean_20'], {
    kernel: variance,
    parameters: { length: 20, less: 1 },
    inputs: ['between_return'],
  }),
  hidden(['within_variance_20', 'within_mean_20'], {
    kernel: variance,
    parameters: { length: 20, less: 1 },
    inputs: ['within_return'],
  }),
  feature(
    {
      yang_zhang_20: [
        'Volatility of a candle from all four prices of 20, gaps included, whatever the drift',
        'sqrt(std(ln(open / lag(close, 1)), 20) ^ 2 + 0.34 / (1.34 + 21 / 19) * std(ln(close / open), 20) ^ 2 + (1 - 0.34 / (1.34 + 21 / 19)) * rogers_satchell_20 ^ 2)',
      ],
    },
    {
      kernel: yangZhang,
      parameters: { length: 20 },
      inputs: ['between_variance_20', 'within_variance_20', 'rogers_satchell_20'],
      source: 'Yang and Zhang 2000',
      sets: ALL_MODELS,
    },
  ),
  hidden(['squared_drawdown_14'], { kernel: squaredDrawdown, parameters: { length: 14 }, inputs: ['close'] }),
  feature(
    {
      ulcer_14: [
        'Root mean square of the distance, in %, from the highest close of 14, over 14 candles',
        'sqrt(mean((100 * (close / max(close, 14) - 1)) ^ 2, 14))',
      ],
    },
    {
      kernel: rootMean,
      parameters: { length: 14 },
      inputs: ['squared_drawdown_14'],
      source: 'Martin and McCann 1989',
      sets: TABULAR_MODELS,
    },
  ),
);
