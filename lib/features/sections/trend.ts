import { column, feature, featureSection, hidden } from '../feature-row.ts';
import { ppo } from '../kernels/arithmetic.ts';
import { aroon } from '../kernels/aroon.ts';
import { medianPrice } from '../kernels/candle-prices.ts';
import { relativeChange, roc } from '../kernels/changes.ts';
import { adx, adxr, directionalIndicators } from '../kernels/directional-movement.ts';
import { ema, wilder } from '../kernels/exponential-averages.ts';
import { extremes } from '../kernels/extremes.ts';
import { linearRegression } from '../kernels/linear-regression.ts';
import { macd } from '../kernels/macd.ts';
import { sar } from '../kernels/sar.ts';
import { supertrend, supertrendBands } from '../kernels/supertrend.ts';
import { vortex, vortexMoves } from '../kernels/vortex.ts';
import { vwapDay } from '../kernels/vwap-day.ts';
import { ALL_MODELS, TABULAR_MODELS } from './models-and-inputs.ts';

const HOSODA = 'Hosoda 1969';
const SUPERTREND = 'TradingView ta.supertrend(3, 10)';

/** Trend. */
export const TREND = featureSection(
  feature(
    {
      macd_12_26_9: ['EMA 12 less EMA 26 of the close', 'ema_from(close, 12, 26) - ema(close, 26)'],
      macd_12_26_9_signal: ['EMA 9 of macd_12_26_9', 'ema(macd_12_26_9, 9)'],
      macd_12_26_9_hist: ['macd_12_26_9 less its signal', 'macd_12_26_9 - macd_12_26_9_signal'],
    },
    { kernel: macd, parameters: { fast: 12, slow: 26, signal: 9 }, inputs: ['close'], source: 'TA-Lib MACD' },
  ),
  feature(
    { ppo_12_26: ['ema_12 less ema_26, % of the latter', 'or0(100 * (ema_12 - ema_26) / ema_26)'] },
    { kernel: ppo, inputs: ['ema_12', 'ema_26'], source: 'TA-Lib PPO', sets: TABULAR_MODELS },
  ),
  feature(
    {
      plus_di_14: [
        'Upward movement as a share of the true range, 0 to 100',
        'or0(100 * wilder_sum(plus_move, 14) / wilder_sum(trange, 14))',
      ],
      minus_di_14: [
        'Downward movement as a share of the true range, 0 to 100',
        'or0(100 * wilder_sum(minus_move, 14) / wilder_sum(trange, 14))',
      ],
    },
    {
      kernel: directionalIndicators,
      parameters: { length: 14 },
      inputs: ['high', 'low', 'trange'],
      source: 'TA-Lib PLUS_DI, MINUS_DI',
      sets: TABULAR_MODELS,
    },
  ),
  feature(
    {
      adx_14: [
        'Strength of the trend whatever its direction, 0 to 100',
        'wilder(100 * abs(plus_di_14 - minus_di_14) / (plus_di_14 + minus_di_14), 14)',
      ],
    },
    {
      kernel: adx,
      parameters: { length: 14 },
      inputs: ['plus_di_14', 'minus_di_14'],
      source: 'TA-Lib ADX',
      sets: ALL_MODELS,
    },
  ),
  feature(
    { adxr_14: ['Mean of adx_14 now and 13 candles ago, 0 to 100', '(adx_14 + lag(adx_14, 13)) / 2'] },
    { kernel: adxr, parameters: { length: 14 }, inputs: ['adx_14'], source: 'TA-Lib ADXR', sets: TABULAR_MODELS },
  ),
  hidden(['highest_high_9', 'lowest_low_9'], { kernel: extremes, parameters: { length: 9 }, inputs: ['high', 'low'] }),
  hidden(['highest_high_26', 'lowest_low_26'], {
    kernel: extremes,
    parameters: { part: 9, length: 26 },
    inputs: ['highest_high_9', 'lowest_low_9'],
  }),
  feature(
    {
      aroon_25_up: [
        'How recent the highest high of 26 candles is, 0 to 100 for now',
        '100 * (25 - age_of_max(high, 26)) / 25',
      ],
      aroon_25_down: [
        'How recent the lowest low of 26 candles is, 0 to 100 for now',
        '100 * (25 - age_of_min(low, 26)) / 25',
      ],
      aroon_25_osc: ['aroon_25_up less aroon_25_down, between −100 and 100', 'aroon_25_up - aroon_25_down'],
    },
    {
      kernel: aroon,
      parameters: { length: 25 },
      inputs: ['high', 'low', 'highest_high_26', 'lowest_low_26'],
      source: 'TA-Lib AROON, AROONOSC',
      sets: TABULAR_MODELS,
    },
  ),
  feature(
    { sar_0p02_0p2: ['Parabolic stop and reverse, a price', 'parabolic_sar(0.02, 0.2)'] },
    { kernel: sar, parameters: { step: 0.02, limit: 0.2 }, inputs: ['high', 'low'], source: 'TA-Lib SAR' },
  ),
  hidden(['atr_10'], { kernel: wilder, parameters: { length: 10 }, inputs: ['trange'] }),
  feature(
    {
      supertrend_10_3_direction: [
        '1 while the supertrend is below the price, -1 while it is above',
        'supertrend_side(wilder(trange, 10), 3)',
      ],
    },
    {
      kernel: supertrendBands,
      parameters: { multiple: 3 },
      inputs: ['median_price', 'close', 'atr_10'],
      source: SUPERTREND,
      sets: ALL_MODELS,
      type: 'int8',
      hidden: ['supertrend_lower', 'supertrend_upper'],
    },
  ),
  feature(
    {
      supertrend_10_3: [
        'Stop that follows the trend 3 average true ranges away, a price',
        'supertrend_stop(wilder(trange, 10), 3)',
      ],
    },
    {
      kernel: supertrend,
      inputs: ['supertrend_10_3_direction', 'supertrend_lower', 'supertrend_upper'],
      source: SUPERTREND,
    },
  ),
  hidden(['highest_high_52', 'lowest_low_52'], {
    kernel: extremes,
    parameters: { part: 26, length: 52 },
    inputs: ['highest_high_26', 'lowest_low_26'],
  }),
  feature(
    {
      ichimoku_9_26_52_tenkan: [
        'Conversion line: middle of the range of 9 candles',
        '(max(high, 9) + min(low, 9)) / 2',
      ],
    },
    { kernel: medianPrice, inputs: ['highest_high_9', 'lowest_low_9'], source: HOSODA },
  ),
  feature(
    { ichimoku_9_26_52_kijun: ['Base line: middle of the range of 26 candles', '(max(high, 26) + min(low, 26)) / 2'] },
    { kernel: medianPrice, inputs: ['highest_high_26', 'lowest_low_26'], source: HOSODA },
  ),
  feature(
    {
      ichimoku_9_26_52_span_a: [
        'Leading span A as known now: mean of tenkan and kijun',
        '(ichimoku_9_26_52_tenkan + ichimoku_9_26_52_kijun) / 2',
      ],
    },
    { kernel: medianPrice, inputs: ['ichimoku_9_26_52_tenkan', 'ichimoku_9_26_52_kijun'], source: HOSODA },
  ),
  feature(
    {
      ichimoku_9_26_52_span_b: [
        'Leading span B as known now: middle of the range of 52 candles',
        '(max(high, 52) + min(low, 52)) / 2',
      ],
    },
    { kernel: medianPrice, inputs: ['highest_high_52', 'lowest_low_52'], source: HOSODA },
  ),
  feature(
    {
      linearreg_14: [
        'Line of least squares through 14 closes, at the latest',
        'mean(close, 14) + linearreg_slope_14 * 13 / 2',
      ],
      linearreg_slope_14: [
        'Slope of the line of least squares through 14 closes, a price per candle',
        'slope(close, 14)',
      ],
    },
    {
      kernel: linearRegression,
      parameters: { length: 14 },
      inputs: ['close'],
      source: 'TA-Lib LINEARREG, LINEARREG_SLOPE',
    },
  ),
  hidden(['ema_15'], { kernel: ema, parameters: { length: 15 }, inputs: ['close'] }),
  hidden(['ema_15_twice'], { kernel: ema, parameters: { length: 15 }, inputs: ['ema_15'] }),
  hidden(['ema_15_thrice'], { kernel: ema, parameters: { length: 15 }, inputs: ['ema_15_twice'] }),
  feature(
    {
      trix_15: [
        'Change of the EMA 15 of the EMA 15 of the EMA 15 of the close, %',
        'roc(ema(ema(ema(close, 15), 15), 15), 1)',
      ],
    },
    { kernel: roc, parameters: { length: 1 }, inputs: ['ema_15_thrice'], source: 'TA-Lib TRIX', sets: TABULAR_MODELS },
  ),
  hidden(['vortex_up', 'vortex_down'], { kernel: vortexMoves, inputs: ['high', 'low'] }),
  feature(
    {
      vortex_14_plus: [
        'Ways from lows up to the next highs ÷ true ranges, both of 14 candles',
        'sum(abs(high - lag(low, 1)), 14) / sum(trange, 14)',
      ],
      vortex_14_minus: [
        'Ways from highs down to the next lows ÷ true ranges, both of 14 candles',
        'sum(abs(low - lag(high, 1)), 14) / sum(trange, 14)',
      ],
    },
    {
      kernel: vortex,
      parameters: { length: 14 },
      inputs: ['vortex_up', 'vortex_down', 'trange'],
      source: 'Botes & Siepman 2010',
      sets: TABULAR_MODELS,
      hidden: ['trange_14'],
    },
  ),
  feature(
    {
      vwap_day: [
        'Mean typical price since 00:00 UTC, weighted by volume',
        'day_sum(typical * volume) / day_sum(volume)',
      ],
    },
    { kernel: vwapDay, inputs: ['openTimeMs', 'typical_price', 'volume'] },
  ),
  closeRatio('sma_50'),
  closeRatio('sma_200'),
  closeRatio('ema_20'),
  closeRatio('vwap_day'),
);

function closeRatio<const Average extends string>(average: Average) {
  return feature(column(`close_${average}_ratio`, `Close ÷ ${average} − 1`, `close / ${average} - 1`), {
    kernel: relativeChange,
    inputs: ['close', average],
    sets: ALL_MODELS,
  });
}
