import { feature, featureSection, hidden } from '../feature-row.ts';
import { squareRoot, zscore } from '../kernels/arithmetic.ts';
import { fractionalDifference } from '../kernels/fractional-difference.ts';
import { hurst } from '../kernels/hurst.ts';
import { deviation } from '../kernels/moments.ts';
import { percentRank } from '../kernels/percent-rank.ts';
import { tercile, trendRegime } from '../kernels/regimes.ts';
import { autocorrelation, skewKurtosis } from '../kernels/return-statistics.ts';
import { ALL_MODELS, TABULAR_MODELS } from './models-and-inputs.ts';

/** Statistics and regime. */
export const STATISTICS = featureSection(
  hidden(['close_std_20'], { kernel: squareRoot, parameters: { n: 20, less: 1 }, inputs: ['close_variance_20'] }),
  feature(
    {
      zscore_20: [
        'Distance of the close from its mean of 20, in sample standard deviations',
        '(close - mean(close, 20)) / std(close, 20)',
      ],
    },
    { kernel: zscore, inputs: ['close', 'close_mean_20', 'close_std_20'], sets: ALL_MODELS },
  ),
  hidden(['close_std_50', 'close_avg_50'], {
    kernel: deviation,
    parameters: { length: 50, less: 1 },
    inputs: ['close'],
  }),
  feature(
    {
      zscore_50: [
        'Distance of the close from its mean of 50, in sample standard deviations',
        '(close - mean(close, 50)) / std(close, 50)',
      ],
    },
    { kernel: zscore, inputs: ['close', 'close_avg_50', 'close_std_50'], sets: ALL_MODELS },
  ),
  feature(
    {
      skew_50: ['Sample skewness of 50 log returns', 'skewness(log_return_1, 50)'],
      kurtosis_50: ['Sample excess kurtosis of 50 log returns', 'kurtosis(log_return_1, 50)'],
    },
    {
      kernel: skewKurtosis,
      parameters: { length: 50 },
      inputs: ['log_return_1'],
      source: 'Joanes and Gill 1998, G1 and G2',
      sets: TABULAR_MODELS,
      hidden: ['log_return_squares_50'],
    },
  ),
  feature(
    {
      autocorr_50_1: ['Autocorrelation of 50 log returns at a lag of 1, −1 to 1', 'autocorrelation(log_return_1, 50)'],
    },
    {
      kernel: autocorrelation,
      parameters: { length: 50 },
      inputs: ['log_return_1'],
      source: 'Box and Jenkins 1976',
      sets: TABULAR_MODELS,
      hidden: ['autocorr_squares_50'],
    },
  ),
  feature(
    { percent_rank_100: ['Rank of the close among the last 100 ÷ 100, above 0 to 1', 'rank(close, 100) / 100'] },
    {
      kernel: percentRank,
      parameters: { length: 100 },
      inputs: ['close'],
      source: 'pandas rolling(100).rank(pct=True)',
      sets: ALL_MODELS,
    },
  ),
  feature(
    { fracdiff_0p4: ['Fractional difference of order 0.4 of the log close', 'fractional_difference(ln(close), 0.4)'] },
    {
      kernel: fractionalDifference,
      parameters: { order: 0.4, least: 1e-4 },
      inputs: ['log_close'],
      source: 'López de Prado 2018, ch. 5',
      sets: ALL_MODELS,
    },
  ),
  feature(
    {
      hurst_200: [
        'How moves grow with time over 200 candles: 0.5 a random walk, more a trend, less a return',
        'hurst(ln(close), 200)',
      ],
    },
    {
      kernel: hurst,
      parameters: { length: 200 },
      inputs: ['log_close'],
      source: 'Di Matteo 2007, generalised Hurst exponent, q = 2',
      sets: TABULAR_MODELS,
    },
  ),
  feature(
    {
      regime_vol: [
        'Third of its last 30 days into which realized_vol_96 falls: 0 low, 1, 2 high',
        'third(realized_vol_96, days(30))',
      ],
    },
    {
      kernel: tercile,
      parameters: { days: 30 },
      inputs: ['realized_vol_96'],
      source: 'its definition, by mid-rank',
      sets: ALL_MODELS,
      type: 'int8',
    },
  ),
  feature(
    {
      regime_trend: [
        'Direction of the line through 14 closes, −1 or 1, if adx_14 is at least 25, else 0',
        'if(adx_14 >= 25, sign(linearreg_slope_14), 0)',
      ],
    },
    {
      kernel: trendRegime,
      parameters: { least: 25 },
      inputs: ['linearreg_slope_14', 'adx_14'],
      sets: ALL_MODELS,
      type: 'int8',
    },
  ),
);
