import { type ColumnOf, feature, featureTable, hidden } from './feature-row.ts';
import { adx } from './kernels/adx.ts';
import { bandPlace } from './kernels/band-place.ts';
import { bollinger } from './kernels/bollinger.ts';
import { cci } from './kernels/cci.ts';
import { change } from './kernels/change.ts';
import { cumulativeDelta } from './kernels/cumulative-delta.ts';
import { dayDeviation, dayMoments } from './kernels/day-moments.ts';
import { directionalIndicators } from './kernels/directional-indicators.ts';
import { ema } from './kernels/ema.ts';
import { ewm } from './kernels/ewm.ts';
import { hourCycle } from './kernels/hour-cycle.ts';
import { logChange } from './kernels/log-change.ts';
import { macd } from './kernels/macd.ts';
import { mfi } from './kernels/mfi.ts';
import { moneyFlow } from './kernels/money-flow.ts';
import { nearBottom } from './kernels/near-bottom.ts';
import { nearTop } from './kernels/near-top.ts';
import { obv } from './kernels/obv.ts';
import { percentChange } from './kernels/percent-change.ts';
import { ratio } from './kernels/ratio.ts';
import { roc } from './kernels/roc.ts';
import { rsi } from './kernels/rsi.ts';
import { sma } from './kernels/sma.ts';
import { stochFast } from './kernels/stoch-fast.ts';
import { stochSlow } from './kernels/stoch-slow.ts';
import { trueRange } from './kernels/true-range.ts';
import { typicalPrice } from './kernels/typical-price.ts';
import { weekdayCycle } from './kernels/weekday-cycle.ts';
import { wilder } from './kernels/wilder.ts';
import { zscore } from './kernels/zscore.ts';

// Which models a column is for. No set: the column depends on the price level or on the size of the market.
const none = [] as const;
const flat = ['xgboost', 'mlp'] as const;
const every = ['xgboost', 'mlp', 'lstm'] as const;

const ORIGINAL = 'the original system';
const HLC = ['high', 'low', 'close'] as const;
const VOLUMES = ['volume', 'takerBuyVolume'] as const;
const FLOAT64 = { type: 'float64' } as const;
const NEAR = { within: 0.003 };
const FLAG = { type: 'int8' } as const;

const top = (window: string) => `1 where the close is within 0.3 % below the highest high of ${window}, else 0`;
const low = (window: string) => `1 where the close is within 0.3 % above the lowest low of ${window}, else 0`;

/**
 * THE TABLE: every feature, one entry a kernel, in the order of the columns in the lake. The names, types, schemas,
 * laws and `lake features` all come from here. A column once published is never renamed and never changes meaning. An
 * entry may read candle columns and the columns of entries before it; hidden ones exist to be read.
 *
 * An entry says: stored columns with their meaning, kernel, parameters, inputs, source, sets, options.
 */
export const TABLE = featureTable(
  // Trend
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
  hidden(['trange'], trueRange, {}, HLC),
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

  // Momentum
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
  hidden(['typical_price'], typicalPrice, {}, HLC),
  feature(
    { cci_20: 'Distance of the typical price from its mean of 20, in 0.015 mean absolute deviations' },
    cci,
    { length: 20 },
    ['typical_price'],
    'TA-Lib CCI',
    flat,
  ),
  feature({ roc_10: 'Change of the close over 10 candles, %' }, roc, { length: 10 }, ['close'], 'TA-Lib ROC', flat),

  // Volatility
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

  // Volume and flow
  feature(
    { obv: 'Volume of rises less that of falls, summed' },
    obv,
    {},
    ['close', 'volume'],
    'TA-Lib OBV',
    none,
    FLOAT64,
  ),
  hidden(['rising_flow', 'falling_flow'], moneyFlow, {}, ['typical_price', 'volume']),
  feature(
    { mfi_14: 'Rising money flow as a share of all money flow of 14 candles, 0 to 100' },
    mfi,
    { length: 14 },
    ['rising_flow', 'falling_flow'],
    'TA-Lib MFI',
    every,
    { hidden: ['falling_flow_14'] },
  ),
  feature({ cvd: 'Bought less sold volume, summed' }, cumulativeDelta, {}, VOLUMES, 'its definition', none, FLOAT64),
  feature(
    { taker_ratio: 'Taker buy volume ÷ volume' },
    ratio,
    {},
    ['takerBuyVolume', 'volume'],
    'its definition',
    every,
  ),

  // The candle and its past
  feature({ return_1: 'Close ÷ close 1 candle ago − 1' }, change, { lag: 1 }, ['close'], 'its definition', flat),
  feature({ return_5: 'Close ÷ close 5 candles ago − 1' }, change, { lag: 5 }, ['close'], 'its definition', flat),
  feature({ return_10: 'Close ÷ close 10 candles ago − 1' }, change, { lag: 10 }, ['close'], 'its definition', flat),
  feature({ return_15: 'Close ÷ close 15 candles ago − 1' }, change, { lag: 15 }, ['close'], 'its definition', flat),
  feature(
    { log_return_1: 'ln(close ÷ close 1 candle ago)' },
    logChange,
    { lag: 1 },
    ['close'],
    'its definition',
    every,
  ),

  // Time
  feature(
    { hour_sin: 'Sine of the hour of the open time, UTC', hour_cos: 'Cosine of the hour of the open time, UTC' },
    hourCycle,
    {},
    ['openTimeMs'],
    'its definition',
    every,
  ),
  feature(
    { weekday_sin: 'Sine of the weekday of the open time, UTC', weekday_cos: 'Cosine of the weekday, UTC' },
    weekdayCycle,
    {},
    ['openTimeMs'],
    'its definition',
    every,
  ),

  // What the original system computed
  feature({ candle_return: 'Change of the close, %, to 2 decimals' }, percentChange, {}, ['close'], ORIGINAL, flat),
  feature(
    { volume_mean_1d: 'Mean volume of 1 day', volume_std_1d: 'Sample standard deviation of the volume of 1 day' },
    dayMoments,
    { days: 1, defined: 1 },
    ['volume'],
    ORIGINAL,
    none,
  ),
  feature(
    {
      taker_ratio_mean_2d: 'Mean taker_ratio of 2 days',
      taker_ratio_std_2d: 'Sample standard deviation of taker_ratio of 2 days',
    },
    dayMoments,
    { days: 2, defined: 0.5 },
    ['taker_ratio'],
    ORIGINAL,
    flat,
  ),
  feature(
    { taker_ratio_zscore_2d: 'Distance of taker_ratio from its mean of 2 days, in standard deviations' },
    zscore,
    {},
    ['taker_ratio', 'taker_ratio_mean_2d', 'taker_ratio_std_2d'],
    ORIGINAL,
    every,
  ),
  feature(
    { volatility_7d: 'Sample standard deviation of return_1 of 7 days' },
    dayDeviation,
    { days: 7, defined: 1 },
    ['return_1'],
    ORIGINAL,
    every,
    { hidden: ['return_mean_7d'] },
  ),
  feature({ volume_ema_20: 'Exponential average of the volume' }, ewm, { span: 20 }, ['volume'], ORIGINAL, none),
  feature({ volatility_7d_ema_20: 'Exponential average of it' }, ewm, { span: 20 }, ['volatility_7d'], ORIGINAL, flat),
  feature({ near_top_1d: top('1 day') }, nearTop, { days: 1, ...NEAR }, ['high', 'close'], ORIGINAL, flat, FLAG),
  feature({ near_top_2d: top('2 days') }, nearTop, { days: 2, ...NEAR }, ['high', 'close'], ORIGINAL, flat, FLAG),
  feature({ near_top_7d: top('7 days') }, nearTop, { days: 7, ...NEAR }, ['high', 'close'], ORIGINAL, flat, FLAG),
  feature({ near_bottom_1d: low('1 day') }, nearBottom, { days: 1, ...NEAR }, ['low', 'close'], ORIGINAL, flat, FLAG),
  feature({ near_bottom_2d: low('2 days') }, nearBottom, { days: 2, ...NEAR }, ['low', 'close'], ORIGINAL, flat, FLAG),
  feature({ near_bottom_7d: low('7 days') }, nearBottom, { days: 7, ...NEAR }, ['low', 'close'], ORIGINAL, flat, FLAG),
);

/** Name of a column of the table `features`. */
export type FeatureName = ColumnOf<(typeof TABLE)[number]>;
