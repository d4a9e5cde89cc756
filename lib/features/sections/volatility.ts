import { feature, featureRows, hidden } from '../feature-row.ts';
import { bandPlace } from '../kernels/band-place.ts';
import { bollinger } from '../kernels/bollinger.ts';
import { deviation, variance } from '../kernels/deviation.ts';
import { donchian } from '../kernels/donchian.ts';
import { envelope } from '../kernels/envelope.ts';
import { percentOf } from '../kernels/percent-of.ts';
import { rangeVariances } from '../kernels/range-variances.ts';
import { rootMean } from '../kernels/root-mean.ts';
import { squareRoot } from '../kernels/square-root.ts';
import { squaredDrawdown } from '../kernels/squared-drawdown.ts';
import { wilder } from '../kernels/wilder.ts';
import { yangZhang } from '../kernels/yang-zhang.ts';
import { every, flat, none, OHLC } from './words.ts';

/** Volatility. */
export const VOLATILITY = featureRows(
  feature(
    { atr_14: ['Average true range, a price', 'wilder(trange, 14)'] },
    wilder,
    { length: 14 },
    ['trange'],
    'TA-Lib ATR',
    none,
  ),
  feature(
    { natr_14: ['Average true range in % of the close', 'or0(100 * atr_14 / close)'] },
    percentOf,
    {},
    ['atr_14', 'close'],
    'TA-Lib NATR',
    every,
  ),
  hidden(['close_variance_20', 'close_mean_20'], variance, { length: 20, less: 0 }, ['close']),
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
    bollinger,
    { deviations: 2 },
    ['close_variance_20', 'close_mean_20'],
    'TA-Lib BBANDS',
    none,
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
    bandPlace,
    {},
    ['close', 'bbands_20_2_upper', 'bbands_20_2_middle', 'bbands_20_2_lower'],
    'Bollinger 2001',
    flat,
  ),
  hidden(['atr_20'], wilder, { length: 20 }, ['trange']),
  feature(
    {
      keltner_20_2_upper: ['ema_20 plus 2 average true ranges of 20', 'ema_20 + 2 * wilder(trange, 20)'],
      keltner_20_2_middle: ['ema_20 from where the bands begin', 'ema_20'],
      keltner_20_2_lower: ['ema_20 less 2 average true ranges of 20', 'ema_20 - 2 * wilder(trange, 20)'],
    },
    envelope,
    { widths: 2 },
    ['ema_20', 'atr_20'],
    'Keltner channels as of Raschke: EMA 20 ± 2 ATR 20, both by TA-Lib',
    none,
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
    donchian,
    { part: 9, length: 20 },
    ['highest_high_9', 'lowest_low_9'],
    'Donchian channels',
    none,
  ),
  feature(
    { stddev_20: ['Standard deviation of 20 closes, of the population', 'population_std(close, 20)'] },
    squareRoot,
    { n: 20, less: 0 },
    ['close_variance_20'],
    'TA-Lib STDDEV',
    none,
  ),
  feature(
    { realized_vol_20: ['Sample standard deviation of 20 log returns', 'std(log_return_1, 20)'] },
    deviation,
    { length: 20, less: 1 },
    ['log_return_1'],
    'its definition',
    every,
    { hidden: ['log_return_mean_20'] },
  ),
  feature(
    { realized_vol_96: ['Sample standard deviation of 96 log returns', 'std(log_return_1, 96)'] },
    deviation,
    { length: 96, less: 1 },
    ['log_return_1'],
    'its definition',
    every,
    { hidden: ['log_return_mean_96'] },
  ),
  hidden(
    ['parkinson_variance', 'garman_klass_variance', 'rogers_satchell_variance', 'within_return', 'between_return'],
    rangeVariances,
    {},
    OHLC,
  ),
  feature(
    {
      parkinson_20: [
        'Volatility of a candle from the ranges of 20',
        'sqrt(mean(ln(high / low) ^ 2 / (4 * ln(2)), 20))',
      ],
    },
    rootMean,
    { length: 20 },
    ['parkinson_variance'],
    'Parkinson 1980',
    flat,
  ),
  feature(
    {
      garman_klass_20: [
        'Volatility of a candle from ranges and bodies of 20',
        'sqrt(greater(mean(ln(high / low) ^ 2 / 2 - (2 * ln(2) - 1) * ln(close / open) ^ 2, 20), 0))',
      ],
    },
    rootMean,
    { length: 20 },
    ['garman_klass_variance'],
    'Garman and Klass 1980, estimator 5',
    flat,
  ),
  feature(
    {
      rogers_satchell_20: [
        'Volatility of a candle from all four prices of 20, whatever the drift',
        'sqrt(greater(mean(ln(high / open) * ln(high / close) + ln(low / open) * ln(low / close), 20), 0))',
      ],
    },
    rootMean,
    { length: 20 },
    ['rogers_satchell_variance'],
    'Rogers and Satchell 1991',
    flat,
  ),
  hidden(['between_variance_20', 'between_mean_20'], variance, { length: 20, less: 1 }, ['between_return']),
  hidden(['within_variance_20', 'within_mean_20'], variance, { length: 20, less: 1 }, ['within_return']),
  feature(
    {
      yang_zhang_20: [
        'Volatility of a candle from all four prices of 20, gaps included, whatever the drift',
        'sqrt(std(ln(open / lag(close, 1)), 20) ^ 2 + 0.34 / (1.34 + 21 / 19) * std(ln(close / open), 20) ^ 2 + (1 - 0.34 / (1.34 + 21 / 19)) * rogers_satchell_20 ^ 2)',
      ],
    },
    yangZhang,
    { length: 20 },
    ['between_variance_20', 'within_variance_20', 'rogers_satchell_20'],
    'Yang and Zhang 2000',
    every,
  ),
  hidden(['squared_drawdown_14'], squaredDrawdown, { length: 14 }, ['close']),
  feature(
    {
      ulcer_14: [
        'Root mean square of the distance, in %, from the highest close of 14, over 14 candles',
        'sqrt(mean((100 * (close / max(close, 14) - 1)) ^ 2, 14))',
      ],
    },
    rootMean,
    { length: 14 },
    ['squared_drawdown_14'],
    'Martin and McCann 1989',
    flat,
  ),
);
