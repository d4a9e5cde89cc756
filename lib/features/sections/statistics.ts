import { feature, featureRows, hidden } from '../feature-row.ts';
import { autocorrelation } from '../kernels/autocorrelation.ts';
import { deviation } from '../kernels/deviation.ts';
import { fractionalDifference } from '../kernels/fractional-difference.ts';
import { hurst } from '../kernels/hurst.ts';
import { percentRank } from '../kernels/percent-rank.ts';
import { skewKurtosis } from '../kernels/skew-kurtosis.ts';
import { squareRoot } from '../kernels/square-root.ts';
import { tercile } from '../kernels/tercile.ts';
import { trendRegime } from '../kernels/trend-regime.ts';
import { zscore } from '../kernels/zscore.ts';
import { every, FLAG, flat } from './words.ts';

/** Statistics and regime. */
export const STATISTICS = featureRows(
  hidden(['close_std_20'], squareRoot, { n: 20, less: 1 }, ['close_variance_20']),
  feature(
    {
      zscore_20: [
        'Distance of the close from its mean of 20, in sample standard deviations',
        '(close - mean(close, 20)) / std(close, 20)',
      ],
    },
    zscore,
    {},
    ['close', 'close_mean_20', 'close_std_20'],
    'its definition',
    every,
  ),
  hidden(['close_std_50', 'close_avg_50'], deviation, { length: 50, less: 1 }, ['close']),
  feature(
    {
      zscore_50: [
        'Distance of the close from its mean of 50, in sample standard deviations',
        '(close - mean(close, 50)) / std(close, 50)',
      ],
    },
    zscore,
    {},
    ['close', 'close_avg_50', 'close_std_50'],
    'its definition',
    every,
  ),
  feature(
    {
      skew_50: ['Sample skewness of 50 log returns', 'skewness(log_return_1, 50)'],
      kurtosis_50: ['Sample excess kurtosis of 50 log returns', 'kurtosis(log_return_1, 50)'],
    },
    skewKurtosis,
    { length: 50 },
    ['log_return_1'],
    'Joanes and Gill 1998, G1 and G2',
    flat,
    { hidden: ['log_return_squares_50'] },
  ),
  feature(
    {
      autocorr_50_1: ['Autocorrelation of 50 log returns at a lag of 1, −1 to 1', 'autocorrelation(log_return_1, 50)'],
    },
    autocorrelation,
    { length: 50 },
    ['log_return_1'],
    'Box and Jenkins 1976',
    flat,
    { hidden: ['autocorr_squares_50'] },
  ),
  feature(
    { percent_rank_100: ['Rank of the close among the last 100 ÷ 100, above 0 to 1', 'rank(close, 100) / 100'] },
    percentRank,
    { length: 100 },
    ['close'],
    'pandas rolling(100).rank(pct=True)',
    every,
  ),
  feature(
    { fracdiff_0p4: ['Fractional difference of order 0.4 of the log close', 'fractional_difference(ln(close), 0.4)'] },
    fractionalDifference,
    { order: 0.4, least: 1e-4 },
    ['log_close'],
    'López de Prado 2018, ch. 5',
    every,
  ),
  feature(
    {
      hurst_200: [
        'How moves grow with time over 200 candles: 0.5 a random walk, more a trend, less a return',
        'hurst(ln(close), 200)',
      ],
    },
    hurst,
    { length: 200 },
    ['log_close'],
    'Di Matteo 2007, generalised Hurst exponent, q = 2',
    flat,
  ),
  feature(
    {
      regime_vol: [
        'Third of its last 30 days into which realized_vol_96 falls: 0 low, 1, 2 high',
        'third(realized_vol_96, days(30))',
      ],
    },
    tercile,
    { days: 30 },
    ['realized_vol_96'],
    'its definition, by mid-rank',
    every,
    FLAG,
  ),
  feature(
    {
      regime_trend: [
        'Direction of the line through 14 closes, −1 or 1, where adx_14 is at least 25, else 0',
        'if(adx_14 >= 25, sign(linearreg_slope_14), 0)',
      ],
    },
    trendRegime,
    { least: 25 },
    ['linearreg_slope_14', 'adx_14'],
    'its definition',
    every,
    FLAG,
  ),
);
