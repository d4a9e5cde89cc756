import { column, type FeatureSet, feature, featureSection, hidden } from '../feature-row.ts';
import { tsi } from '../kernels/arithmetic.ts';
import { awesomeOscillator, kst, sma, sums } from '../kernels/averages.ts';
import { bop, buyingPressure } from '../kernels/candle-prices.ts';
import { cci } from '../kernels/cci.ts';
import { momentum, roc } from '../kernels/changes.ts';
import { ema } from '../kernels/exponential-averages.ts';
import { extremes } from '../kernels/extremes.ts';
import { fisher } from '../kernels/fisher.ts';
import { averageMoves, cmo, rsi } from '../kernels/rsi.ts';
import { stochFast, stochSlow, willr } from '../kernels/stochastic.ts';
import { ultosc } from '../kernels/ultosc.ts';
import { ALL_MODELS, TABULAR_MODELS } from './models-and-inputs.ts';

const PRING = 'Pring 1992';

/** Momentum. */
export const MOMENTUM = featureSection(
  movesOf(7),
  movesOf(14),
  movesOf(21),
  rsiOf(7, TABULAR_MODELS),
  rsiOf(14, ALL_MODELS),
  rsiOf(21, TABULAR_MODELS),
  hidden(['highest_high_14', 'lowest_low_14'], {
    kernel: extremes,
    parameters: { part: 9, length: 14 },
    inputs: ['highest_high_9', 'lowest_low_9'],
  }),
  hidden(['stoch_raw_14'], { kernel: stochFast, inputs: ['highest_high_14', 'lowest_low_14', 'close'] }),
  feature(
    {
      stoch_14_3_3_k: [
        'Place of the close in the range of 14 candles, averaged over 3, 0 to 100',
        'mean(or0(100 * (close - min(low, 14)) / (max(high, 14) - min(low, 14))), 3)',
      ],
      stoch_14_3_3_d: ['Mean of the last 3 stoch_14_3_3_k, 0 to 100', 'mean(stoch_14_3_3_k, 3)'],
    },
    {
      kernel: stochSlow,
      parameters: { slowing: 3, smoothing: 3 },
      inputs: ['stoch_raw_14'],
      source: 'TA-Lib STOCH(14, 3, SMA, 3, SMA)',
      sets: TABULAR_MODELS,
    },
  ),
  hidden(['highest_rsi_14', 'lowest_rsi_14'], {
    kernel: extremes,
    parameters: { length: 14 },
    inputs: ['rsi_14', 'rsi_14'],
  }),
  hidden(['stochrsi_raw_14'], { kernel: stochFast, inputs: ['highest_rsi_14', 'lowest_rsi_14', 'rsi_14'] }),
  feature(
    {
      stochrsi_14_14_3_k: [
        'Place of rsi_14 in its range of 14 candles, 0 to 100',
        'or0(100 * (rsi_14 - min(rsi_14, 14)) / (max(rsi_14, 14) - min(rsi_14, 14)))',
      ],
      stochrsi_14_14_3_d: ['Mean of the last 3 stochrsi_14_14_3_k, 0 to 100', 'mean(stochrsi_14_14_3_k, 3)'],
    },
    {
      kernel: stochSlow,
      parameters: { slowing: 1, smoothing: 3 },
      inputs: ['stochrsi_raw_14'],
      source: 'TA-Lib STOCHRSI(14, 14, 3, SMA)',
      sets: TABULAR_MODELS,
    },
  ),
  feature(
    {
      willr_14: [
        'Distance of the close below the highest high of 14 candles, % of their range, −100 up to 0',
        'or0(-100 * (max(high, 14) - close) / (max(high, 14) - min(low, 14)))',
      ],
    },
    {
      kernel: willr,
      inputs: ['highest_high_14', 'lowest_low_14', 'close'],
      source: 'TA-Lib WILLR',
      sets: TABULAR_MODELS,
    },
  ),
  feature(
    {
      cci_20: [
        'Distance of the typical price from its mean of 20, in 0.015 mean absolute deviations',
        'or0((typical - mean(typical, 20)) / (0.015 * mean_deviation(typical, 20)))',
      ],
    },
    { kernel: cci, parameters: { length: 20 }, inputs: ['typical_price'], source: 'TA-Lib CCI', sets: TABULAR_MODELS },
  ),
  rocOf(5),
  rocOf(10),
  rocOf(20),
  feature(
    { mom_10: ['Change of the close over 10 candles', 'close - lag(close, 10)'] },
    { kernel: momentum, parameters: { length: 10 }, inputs: ['close'], source: 'TA-Lib MOM' },
  ),
  hidden(['buying_pressure'], { kernel: buyingPressure, inputs: ['low', 'close'] }),
  hidden(['buying_pressure_7', 'trange_7'], {
    kernel: sums,
    parameters: { length: 7 },
    inputs: ['buying_pressure', 'trange'],
  }),
  feature(
    {
      ultosc_7_14_28: [
        'Buying pressure as a share of the true range of 7, 14 and 28 candles, 0 to 100',
        '100 / 7 * (4 * or0(sum(pressure, 7) / sum(trange, 7)) + 2 * or0(sum(pressure, 14) / sum(trange, 14)) + or0(sum(pressure, 28) / sum(trange, 28)))',
      ],
    },
    {
      kernel: ultosc,
      parameters: { fast: 7, middle: 14, slow: 28 },
      inputs: ['buying_pressure_7', 'trange_7'],
      source: 'TA-Lib ULTOSC',
      sets: TABULAR_MODELS,
    },
  ),
  feature(
    {
      cmo_14: [
        'Gains less losses as a share of all moves, between −100 and 100',
        'or0(100 * (wilder(gain, 14) - wilder(loss, 14)) / (wilder(gain, 14) + wilder(loss, 14)))',
      ],
    },
    { kernel: cmo, inputs: ['gain_14', 'loss_14'], source: 'TA-Lib CMO', sets: TABULAR_MODELS },
  ),
  feature(
    { bop: ['(Close − open) ÷ (high − low), between −1 and 1', 'or0((close - open) / range)'] },
    { kernel: bop, inputs: ['open', 'high', 'low', 'close'], source: 'TA-Lib BOP', sets: ALL_MODELS },
  ),
  feature(
    { ao_5_34: ['Mean of 5 median prices less mean of 34', 'mean(median, 5) - mean(median, 34)'] },
    {
      kernel: awesomeOscillator,
      parameters: { fast: 5, slow: 34 },
      inputs: ['median_price'],
      source: 'Williams 1998',
      hidden: ['median_price_sma_34'],
    },
  ),
  hidden(['close_change_ema_25'], { kernel: ema, parameters: { length: 25 }, inputs: ['close_change'] }),
  hidden(['close_change_ema_25_13'], { kernel: ema, parameters: { length: 13 }, inputs: ['close_change_ema_25'] }),
  hidden(['close_move_ema_25'], { kernel: ema, parameters: { length: 25 }, inputs: ['close_move'] }),
  hidden(['close_move_ema_25_13'], { kernel: ema, parameters: { length: 13 }, inputs: ['close_move_ema_25'] }),
  feature(
    {
      tsi_25_13: [
        'Change of the close ÷ size of the change, both smoothed twice, between −100 and 100',
        '100 * ema(ema(change, 25), 13) / ema(ema(abs(change), 25), 13)',
      ],
    },
    {
      kernel: tsi,
      inputs: ['close_change_ema_25_13', 'close_move_ema_25_13'],
      source: 'Blau 1991',
      sets: TABULAR_MODELS,
    },
  ),
  hidden(['roc_15'], { kernel: roc, parameters: { length: 15 }, inputs: ['close'] }),
  hidden(['roc_30'], { kernel: roc, parameters: { length: 30 }, inputs: ['close'] }),
  feature(
    {
      kst: [
        'Averaged changes over 10, 15, 20 and 30 candles, weighted 1 to 4, %',
        'mean(roc(close, 10), 10) + 2 * mean(roc(close, 15), 10) + 3 * mean(roc(close, 20), 10) + 4 * mean(roc(close, 30), 15)',
      ],
    },
    {
      kernel: kst,
      parameters: { average: 10, last: 15 },
      inputs: ['roc_10', 'roc_15', 'roc_20', 'roc_30'],
      source: PRING,
      sets: TABULAR_MODELS,
      hidden: ['roc_30_sma_15'],
    },
  ),
  feature(
    { kst_signal: ['Mean of the last 9 kst, %', 'mean(kst, 9)'] },
    { kernel: sma, parameters: { length: 9 }, inputs: ['kst'], source: PRING, sets: TABULAR_MODELS },
  ),
  feature(
    {
      fisher_9: [
        'Place of the median price in its range of 9 candles, stretched to a Gaussian, mostly −3 to 3',
        'fisher(median, 9)',
      ],
    },
    {
      kernel: fisher,
      parameters: { length: 9 },
      inputs: ['median_price'],
      source: 'Ehlers 2002',
      sets: TABULAR_MODELS,
      hidden: ['lowest_median_price_9'],
    },
  ),
);

function movesOf<const Length extends number>(length: Length) {
  const names = [`gain_${length}`, `loss_${length}`] as const;
  return hidden(names, { kernel: averageMoves, parameters: { length }, inputs: ['close_change', 'close_move'] });
}

function rsiOf<const Length extends number>(length: Length, sets: readonly FeatureSet[]) {
  const [gain, loss] = [`wilder(gain, ${length})`, `wilder(loss, ${length})`];
  const formula = `or0(100 * ${gain} / (${gain} + ${loss}))`;
  return feature(column(`rsi_${length}`, 'Gains as a share of all moves, 0 to 100', formula), {
    kernel: rsi,
    inputs: [`gain_${length}`, `loss_${length}`],
    source: 'TA-Lib RSI',
    sets,
  });
}

function rocOf<const Length extends number>(length: Length) {
  return feature(column(`roc_${length}`, `Change of the close over ${length} candles, %`, `roc(close, ${length})`), {
    kernel: roc,
    parameters: { length },
    inputs: ['close'],
    source: 'TA-Lib ROC',
    sets: TABULAR_MODELS,
  });
}
