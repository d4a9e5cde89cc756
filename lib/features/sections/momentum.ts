import { feature, featureRows, hidden } from '../feature-row.ts';
import { averageMoves } from '../kernels/average-moves.ts';
import { awesomeOscillator } from '../kernels/awesome-oscillator.ts';
import { bop } from '../kernels/bop.ts';
import { buyingPressure } from '../kernels/buying-pressure.ts';
import { cci } from '../kernels/cci.ts';
import { cmo } from '../kernels/cmo.ts';
import { ema } from '../kernels/ema.ts';
import { extremes } from '../kernels/extremes.ts';
import { fisher } from '../kernels/fisher.ts';
import { kst } from '../kernels/kst.ts';
import { momentum } from '../kernels/momentum.ts';
import { roc } from '../kernels/roc.ts';
import { rsi } from '../kernels/rsi.ts';
import { sma } from '../kernels/sma.ts';
import { stochFast } from '../kernels/stoch-fast.ts';
import { stochSlow } from '../kernels/stoch-slow.ts';
import { sums } from '../kernels/sums.ts';
import { tsi } from '../kernels/tsi.ts';
import { ultosc } from '../kernels/ultosc.ts';
import { widerExtremes } from '../kernels/wider-extremes.ts';
import { willr } from '../kernels/willr.ts';
import { every, flat, none } from './words.ts';

const RSI = 'Gains as a share of all moves, 0 to 100';
const MOVES = ['close_change', 'close_move'] as const;
const PRING = 'Pring 1992';

/** Momentum. */
export const MOMENTUM = featureRows(
  hidden(['gain_7', 'loss_7'], averageMoves, { length: 7 }, MOVES),
  hidden(['gain_14', 'loss_14'], averageMoves, { length: 14 }, MOVES),
  hidden(['gain_21', 'loss_21'], averageMoves, { length: 21 }, MOVES),
  feature(
    { rsi_7: [RSI, 'or0(100 * wilder(gain, 7) / (wilder(gain, 7) + wilder(loss, 7)))'] },
    rsi,
    {},
    ['gain_7', 'loss_7'],
    'TA-Lib RSI',
    flat,
  ),
  feature(
    { rsi_14: [RSI, 'or0(100 * wilder(gain, 14) / (wilder(gain, 14) + wilder(loss, 14)))'] },
    rsi,
    {},
    ['gain_14', 'loss_14'],
    'TA-Lib RSI',
    every,
  ),
  feature(
    { rsi_21: [RSI, 'or0(100 * wilder(gain, 21) / (wilder(gain, 21) + wilder(loss, 21)))'] },
    rsi,
    {},
    ['gain_21', 'loss_21'],
    'TA-Lib RSI',
    flat,
  ),
  hidden(['highest_high_14', 'lowest_low_14'], widerExtremes, { part: 9, length: 14 }, [
    'highest_high_9',
    'lowest_low_9',
  ]),
  hidden(['stoch_raw_14'], stochFast, {}, ['highest_high_14', 'lowest_low_14', 'close']),
  feature(
    {
      stoch_14_3_3_k: [
        'Place of the close in the range of 14 candles, averaged over 3, 0 to 100',
        'mean(or0(100 * (close - min(low, 14)) / (max(high, 14) - min(low, 14))), 3)',
      ],
      stoch_14_3_3_d: ['Mean of the last 3 stoch_14_3_3_k, 0 to 100', 'mean(stoch_14_3_3_k, 3)'],
    },
    stochSlow,
    { slowing: 3, smoothing: 3 },
    ['stoch_raw_14'],
    'TA-Lib STOCH(14, 3, SMA, 3, SMA)',
    flat,
  ),
  hidden(['highest_rsi_14', 'lowest_rsi_14'], extremes, { length: 14 }, ['rsi_14', 'rsi_14']),
  hidden(['stochrsi_raw_14'], stochFast, {}, ['highest_rsi_14', 'lowest_rsi_14', 'rsi_14']),
  feature(
    {
      stochrsi_14_14_3_k: [
        'Place of rsi_14 in its range of 14 candles, 0 to 100',
        'or0(100 * (rsi_14 - min(rsi_14, 14)) / (max(rsi_14, 14) - min(rsi_14, 14)))',
      ],
      stochrsi_14_14_3_d: ['Mean of the last 3 stochrsi_14_14_3_k, 0 to 100', 'mean(stochrsi_14_14_3_k, 3)'],
    },
    stochSlow,
    { slowing: 1, smoothing: 3 },
    ['stochrsi_raw_14'],
    'TA-Lib STOCHRSI(14, 14, 3, SMA)',
    flat,
  ),
  feature(
    {
      willr_14: [
        'Distance of the close below the highest high of 14 candles, % of their range, −100 up to 0',
        'or0(-100 * (max(high, 14) - close) / (max(high, 14) - min(low, 14)))',
      ],
    },
    willr,
    {},
    ['highest_high_14', 'lowest_low_14', 'close'],
    'TA-Lib WILLR',
    flat,
  ),
  feature(
    {
      cci_20: [
        'Distance of the typical price from its mean of 20, in 0.015 mean absolute deviations',
        'or0((typical - mean(typical, 20)) / (0.015 * mean_deviation(typical, 20)))',
      ],
    },
    cci,
    { length: 20 },
    ['typical_price'],
    'TA-Lib CCI',
    flat,
  ),
  feature(
    { roc_5: ['Change of the close over 5 candles, %', 'roc(close, 5)'] },
    roc,
    { length: 5 },
    ['close'],
    'TA-Lib ROC',
    flat,
  ),
  feature(
    { roc_10: ['Change of the close over 10 candles, %', 'roc(close, 10)'] },
    roc,
    { length: 10 },
    ['close'],
    'TA-Lib ROC',
    flat,
  ),
  feature(
    { roc_20: ['Change of the close over 20 candles, %', 'roc(close, 20)'] },
    roc,
    { length: 20 },
    ['close'],
    'TA-Lib ROC',
    flat,
  ),
  feature(
    { mom_10: ['Change of the close over 10 candles', 'close - lag(close, 10)'] },
    momentum,
    { length: 10 },
    ['close'],
    'TA-Lib MOM',
    none,
  ),
  hidden(['buying_pressure'], buyingPressure, {}, ['low', 'close']),
  hidden(['buying_pressure_7', 'trange_7'], sums, { length: 7 }, ['buying_pressure', 'trange']),
  feature(
    {
      ultosc_7_14_28: [
        'Buying pressure as a share of the true range of 7, 14 and 28 candles, 0 to 100',
        '100 / 7 * (4 * or0(sum(pressure, 7) / sum(trange, 7)) + 2 * or0(sum(pressure, 14) / sum(trange, 14)) + or0(sum(pressure, 28) / sum(trange, 28)))',
      ],
    },
    ultosc,
    { fast: 7, middle: 14, slow: 28 },
    ['buying_pressure_7', 'trange_7'],
    'TA-Lib ULTOSC',
    flat,
  ),
  feature(
    {
      cmo_14: [
        'Gains less losses as a share of all moves, between −100 and 100',
        'or0(100 * (wilder(gain, 14) - wilder(loss, 14)) / (wilder(gain, 14) + wilder(loss, 14)))',
      ],
    },
    cmo,
    {},
    ['gain_14', 'loss_14'],
    'TA-Lib CMO',
    flat,
  ),
  feature(
    { bop: ['(Close − open) ÷ (high − low), between −1 and 1', 'or0((close - open) / range)'] },
    bop,
    {},
    ['open', 'high', 'low', 'close'],
    'TA-Lib BOP',
    every,
  ),
  feature(
    { ao_5_34: ['Mean of 5 median prices less mean of 34', 'mean(median, 5) - mean(median, 34)'] },
    awesomeOscillator,
    { fast: 5, slow: 34 },
    ['median_price'],
    'Williams 1998',
    none,
    { hidden: ['median_price_sma_34'] },
  ),
  hidden(['close_change_ema_25'], ema, { length: 25 }, ['close_change']),
  hidden(['close_change_ema_25_13'], ema, { length: 13 }, ['close_change_ema_25']),
  hidden(['close_move_ema_25'], ema, { length: 25 }, ['close_move']),
  hidden(['close_move_ema_25_13'], ema, { length: 13 }, ['close_move_ema_25']),
  feature(
    {
      tsi_25_13: [
        'Change of the close ÷ size of the change, both smoothed twice, between −100 and 100',
        '100 * ema(ema(change, 25), 13) / ema(ema(abs(change), 25), 13)',
      ],
    },
    tsi,
    {},
    ['close_change_ema_25_13', 'close_move_ema_25_13'],
    'Blau 1991',
    flat,
  ),
  hidden(['roc_15'], roc, { length: 15 }, ['close']),
  hidden(['roc_30'], roc, { length: 30 }, ['close']),
  feature(
    {
      kst: [
        'Averaged changes over 10, 15, 20 and 30 candles, weighted 1 to 4, %',
        'mean(roc(close, 10), 10) + 2 * mean(roc(close, 15), 10) + 3 * mean(roc(close, 20), 10) + 4 * mean(roc(close, 30), 15)',
      ],
    },
    kst,
    { average: 10, last: 15 },
    ['roc_10', 'roc_15', 'roc_20', 'roc_30'],
    PRING,
    flat,
    { hidden: ['roc_30_sma_15'] },
  ),
  feature({ kst_signal: ['Mean of the last 9 kst, %', 'mean(kst, 9)'] }, sma, { length: 9 }, ['kst'], PRING, flat),
  feature(
    {
      fisher_9: [
        'Place of the median price in its range of 9 candles, stretched to a Gaussian, mostly −3 to 3',
        'fisher(median, 9)',
      ],
    },
    fisher,
    { length: 9 },
    ['median_price'],
    'Ehlers 2002',
    flat,
    { hidden: ['lowest_median_price_9'] },
  ),
);
