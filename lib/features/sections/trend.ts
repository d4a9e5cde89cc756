import { feature, featureRows, hidden } from '../feature-row.ts';
import { adx } from '../kernels/adx.ts';
import { adxr } from '../kernels/adxr.ts';
import { aroon } from '../kernels/aroon.ts';
import { directionalIndicators } from '../kernels/directional-indicators.ts';
import { ema } from '../kernels/ema.ts';
import { extremes } from '../kernels/extremes.ts';
import { kama } from '../kernels/kama.ts';
import { linearRegression } from '../kernels/linear-regression.ts';
import { macd } from '../kernels/macd.ts';
import { medianPrice } from '../kernels/median-price.ts';
import { ppo } from '../kernels/ppo.ts';
import { relativeDistance } from '../kernels/relative-distance.ts';
import { roc } from '../kernels/roc.ts';
import { sar } from '../kernels/sar.ts';
import { sma } from '../kernels/sma.ts';
import { supertrend } from '../kernels/supertrend.ts';
import { supertrendBands } from '../kernels/supertrend-bands.ts';
import { tema } from '../kernels/tema.ts';
import { twiceLess } from '../kernels/twice-less.ts';
import { vortex } from '../kernels/vortex.ts';
import { vortexMoves } from '../kernels/vortex-moves.ts';
import { vwapDay } from '../kernels/vwap-day.ts';
import { widerExtremes } from '../kernels/wider-extremes.ts';
import { wilder } from '../kernels/wilder.ts';
import { wma } from '../kernels/wma.ts';
import { every, FLAG, flat, none } from './words.ts';

const HOSODA = 'Hosoda 1969';
const SUPERTREND = 'TradingView ta.supertrend(3, 10)';

/** Trend. */
export const TREND = featureRows(
  feature({ sma_7: 'Mean of the last 7 closes' }, sma, { length: 7 }, ['close'], 'TA-Lib SMA', none),
  feature({ sma_20: 'Mean of the last 20 closes' }, sma, { length: 20 }, ['close'], 'TA-Lib SMA', none),
  feature({ sma_50: 'Mean of the last 50 closes' }, sma, { length: 50 }, ['close'], 'TA-Lib SMA', none),
  feature({ sma_100: 'Mean of the last 100 closes' }, sma, { length: 100 }, ['close'], 'TA-Lib SMA', none),
  feature({ sma_200: 'Mean of the last 200 closes' }, sma, { length: 200 }, ['close'], 'TA-Lib SMA', none),
  feature({ ema_9: 'Exponential average of 9 closes' }, ema, { length: 9 }, ['close'], 'TA-Lib EMA', none),
  feature({ ema_12: 'Exponential average of 12 closes' }, ema, { length: 12 }, ['close'], 'TA-Lib EMA', none),
  feature({ ema_20: 'Exponential average of 20 closes' }, ema, { length: 20 }, ['close'], 'TA-Lib EMA', none),
  feature({ ema_26: 'Exponential average of 26 closes' }, ema, { length: 26 }, ['close'], 'TA-Lib EMA', none),
  feature({ ema_50: 'Exponential average of 50 closes' }, ema, { length: 50 }, ['close'], 'TA-Lib EMA', none),
  feature({ ema_100: 'Exponential average of 100 closes' }, ema, { length: 100 }, ['close'], 'TA-Lib EMA', none),
  feature({ ema_200: 'Exponential average of 200 closes' }, ema, { length: 200 }, ['close'], 'TA-Lib EMA', none),
  feature({ wma_20: 'Mean of 20 closes weighted 1 to 20' }, wma, { length: 20 }, ['close'], 'TA-Lib WMA', none),
  hidden(['ema_20_twice'], ema, { length: 20 }, ['ema_20']),
  hidden(['ema_20_thrice'], ema, { length: 20 }, ['ema_20_twice']),
  feature(
    { dema_20: 'Twice ema_20 less its own EMA 20' },
    twiceLess,
    {},
    ['ema_20', 'ema_20_twice'],
    'TA-Lib DEMA',
    none,
  ),
  feature(
    { tema_20: 'Three times ema_20 less its EMA 20, plus the EMA 20 of that' },
    tema,
    {},
    ['ema_20', 'ema_20_twice', 'ema_20_thrice'],
    'TA-Lib TEMA',
    none,
  ),
  feature(
    { kama_10: 'Average of the close, the faster the straighter its way over 10 candles' },
    kama,
    { length: 10 },
    ['close', 'close_move'],
    'TA-Lib KAMA',
    none,
    { hidden: ['close_path_10'] },
  ),
  hidden(['wma_10'], wma, { length: 10 }, ['close']),
  hidden(['hull_20'], twiceLess, {}, ['wma_10', 'wma_20']),
  feature({ hma_20: 'WMA 4 of twice WMA 10 less WMA 20' }, wma, { length: 4 }, ['hull_20'], 'Hull 2005', none),
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
  feature({ ppo_12_26: 'ema_12 less ema_26, % of the latter' }, ppo, {}, ['ema_12', 'ema_26'], 'TA-Lib PPO', flat),
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
  feature(
    { adxr_14: 'Mean of adx_14 now and 13 candles ago, 0 to 100' },
    adxr,
    { length: 14 },
    ['adx_14'],
    'TA-Lib ADXR',
    flat,
  ),
  hidden(['highest_high_9', 'lowest_low_9'], extremes, { length: 9 }, ['high', 'low']),
  hidden(['highest_high_26', 'lowest_low_26'], widerExtremes, { part: 9, length: 26 }, [
    'highest_high_9',
    'lowest_low_9',
  ]),
  feature(
    {
      aroon_25_up: 'How recent the highest high of 26 candles is, 0 to 100 for now',
      aroon_25_down: 'How recent the lowest low of 26 candles is, 0 to 100 for now',
      aroon_25_osc: 'aroon_25_up less aroon_25_down, between −100 and 100',
    },
    aroon,
    { length: 25 },
    ['high', 'low', 'highest_high_26', 'lowest_low_26'],
    'TA-Lib AROON, AROONOSC',
    flat,
  ),
  feature(
    { sar_0p02_0p2: 'Parabolic stop and reverse, a price' },
    sar,
    { step: 0.02, limit: 0.2 },
    ['high', 'low'],
    'TA-Lib SAR',
    none,
  ),
  hidden(['atr_10'], wilder, { length: 10 }, ['trange']),
  feature(
    { supertrend_10_3_direction: '1 while the supertrend is below the price, -1 while it is above' },
    supertrendBands,
    { multiple: 3 },
    ['median_price', 'close', 'atr_10'],
    SUPERTREND,
    every,
    { ...FLAG, hidden: ['supertrend_lower', 'supertrend_upper'] },
  ),
  feature(
    { supertrend_10_3: 'Stop that follows the trend 3 average true ranges away, a price' },
    supertrend,
    {},
    ['supertrend_10_3_direction', 'supertrend_lower', 'supertrend_upper'],
    SUPERTREND,
    none,
  ),
  hidden(['highest_high_52', 'lowest_low_52'], widerExtremes, { part: 26, length: 52 }, [
    'highest_high_26',
    'lowest_low_26',
  ]),
  feature(
    { ichimoku_9_26_52_tenkan: 'Conversion line: middle of the range of 9 candles' },
    medianPrice,
    {},
    ['highest_high_9', 'lowest_low_9'],
    HOSODA,
    none,
  ),
  feature(
    { ichimoku_9_26_52_kijun: 'Base line: middle of the range of 26 candles' },
    medianPrice,
    {},
    ['highest_high_26', 'lowest_low_26'],
    HOSODA,
    none,
  ),
  feature(
    { ichimoku_9_26_52_span_a: 'Leading span A as known now: mean of tenkan and kijun' },
    medianPrice,
    {},
    ['ichimoku_9_26_52_tenkan', 'ichimoku_9_26_52_kijun'],
    HOSODA,
    none,
  ),
  feature(
    { ichimoku_9_26_52_span_b: 'Leading span B as known now: middle of the range of 52 candles' },
    medianPrice,
    {},
    ['highest_high_52', 'lowest_low_52'],
    HOSODA,
    none,
  ),
  feature(
    {
      linearreg_14: 'Line of least squares through 14 closes, at the latest',
      linearreg_slope_14: 'Slope of the line of least squares through 14 closes, a price per candle',
    },
    linearRegression,
    { length: 14 },
    ['close'],
    'TA-Lib LINEARREG, LINEARREG_SLOPE',
    none,
  ),
  hidden(['ema_15'], ema, { length: 15 }, ['close']),
  hidden(['ema_15_twice'], ema, { length: 15 }, ['ema_15']),
  hidden(['ema_15_thrice'], ema, { length: 15 }, ['ema_15_twice']),
  feature(
    { trix_15: 'Change of the EMA 15 of the EMA 15 of the EMA 15 of the close, %' },
    roc,
    { length: 1 },
    ['ema_15_thrice'],
    'TA-Lib TRIX',
    flat,
  ),
  hidden(['vortex_up', 'vortex_down'], vortexMoves, {}, ['high', 'low']),
  feature(
    {
      vortex_14_plus: 'Ways from lows up to the next highs ÷ true ranges, both of 14 candles',
      vortex_14_minus: 'Ways from highs down to the next lows ÷ true ranges, both of 14 candles',
    },
    vortex,
    { length: 14 },
    ['vortex_up', 'vortex_down', 'trange'],
    'Botes & Siepman 2010',
    flat,
    { hidden: ['trange_14'] },
  ),
  feature(
    { vwap_day: 'Mean typical price since 00:00 UTC, weighted by volume' },
    vwapDay,
    {},
    ['openTimeMs', 'typical_price', 'volume'],
    'its definition',
    none,
  ),
  feature(
    { close_sma_50_ratio: 'Close ÷ sma_50 − 1' },
    relativeDistance,
    {},
    ['close', 'sma_50'],
    'its definition',
    every,
  ),
  feature(
    { close_sma_200_ratio: 'Close ÷ sma_200 − 1' },
    relativeDistance,
    {},
    ['close', 'sma_200'],
    'its definition',
    every,
  ),
  feature(
    { close_ema_20_ratio: 'Close ÷ ema_20 − 1' },
    relativeDistance,
    {},
    ['close', 'ema_20'],
    'its definition',
    every,
  ),
  feature(
    { close_vwap_day_ratio: 'Close ÷ vwap_day − 1' },
    relativeDistance,
    {},
    ['close', 'vwap_day'],
    'its definition',
    every,
  ),
);
