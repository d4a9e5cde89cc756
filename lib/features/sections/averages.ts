import { feature, featureRows, hidden } from '../feature-row.ts';
import { ema } from '../kernels/ema.ts';
import { kama } from '../kernels/kama.ts';
import { sma } from '../kernels/sma.ts';
import { tema } from '../kernels/tema.ts';
import { twiceLess } from '../kernels/twice-less.ts';
import { wma } from '../kernels/wma.ts';
import { none } from './words.ts';

/** Averages of the close. */
export const AVERAGES = featureRows(
  feature(
    { sma_7: ['Mean of the last 7 closes', 'mean(close, 7)'] },
    sma,
    { length: 7 },
    ['close'],
    'TA-Lib SMA',
    none,
  ),
  feature(
    { sma_20: ['Mean of the last 20 closes', 'mean(close, 20)'] },
    sma,
    { length: 20 },
    ['close'],
    'TA-Lib SMA',
    none,
  ),
  feature(
    { sma_50: ['Mean of the last 50 closes', 'mean(close, 50)'] },
    sma,
    { length: 50 },
    ['close'],
    'TA-Lib SMA',
    none,
  ),
  feature(
    { sma_100: ['Mean of the last 100 closes', 'mean(close, 100)'] },
    sma,
    { length: 100 },
    ['close'],
    'TA-Lib SMA',
    none,
  ),
  feature(
    { sma_200: ['Mean of the last 200 closes', 'mean(close, 200)'] },
    sma,
    { length: 200 },
    ['close'],
    'TA-Lib SMA',
    none,
  ),
  feature(
    { ema_9: ['Exponential average of 9 closes', 'ema(close, 9)'] },
    ema,
    { length: 9 },
    ['close'],
    'TA-Lib EMA',
    none,
  ),
  feature(
    { ema_12: ['Exponential average of 12 closes', 'ema(close, 12)'] },
    ema,
    { length: 12 },
    ['close'],
    'TA-Lib EMA',
    none,
  ),
  feature(
    { ema_20: ['Exponential average of 20 closes', 'ema(close, 20)'] },
    ema,
    { length: 20 },
    ['close'],
    'TA-Lib EMA',
    none,
  ),
  feature(
    { ema_26: ['Exponential average of 26 closes', 'ema(close, 26)'] },
    ema,
    { length: 26 },
    ['close'],
    'TA-Lib EMA',
    none,
  ),
  feature(
    { ema_50: ['Exponential average of 50 closes', 'ema(close, 50)'] },
    ema,
    { length: 50 },
    ['close'],
    'TA-Lib EMA',
    none,
  ),
  feature(
    { ema_100: ['Exponential average of 100 closes', 'ema(close, 100)'] },
    ema,
    { length: 100 },
    ['close'],
    'TA-Lib EMA',
    none,
  ),
  feature(
    { ema_200: ['Exponential average of 200 closes', 'ema(close, 200)'] },
    ema,
    { length: 200 },
    ['close'],
    'TA-Lib EMA',
    none,
  ),
  feature(
    { wma_20: ['Mean of 20 closes weighted 1 to 20', 'wma(close, 20)'] },
    wma,
    { length: 20 },
    ['close'],
    'TA-Lib WMA',
    none,
  ),
  hidden(['ema_20_twice'], ema, { length: 20 }, ['ema_20']),
  hidden(['ema_20_thrice'], ema, { length: 20 }, ['ema_20_twice']),
  feature(
    { dema_20: ['Twice ema_20 less its own EMA 20', '2 * ema_20 - ema(ema_20, 20)'] },
    twiceLess,
    {},
    ['ema_20', 'ema_20_twice'],
    'TA-Lib DEMA',
    none,
  ),
  feature(
    {
      tema_20: [
        'Three times ema_20 less its EMA 20, plus the EMA 20 of that',
        '3 * ema_20 - 3 * ema(ema_20, 20) + ema(ema(ema_20, 20), 20)',
      ],
    },
    tema,
    {},
    ['ema_20', 'ema_20_twice', 'ema_20_thrice'],
    'TA-Lib TEMA',
    none,
  ),
  feature(
    { kama_10: ['Average of the close, the faster the straighter its way over 10 candles', 'kama(close, 10)'] },
    kama,
    { length: 10 },
    ['close', 'close_move'],
    'TA-Lib KAMA',
    none,
    { hidden: ['close_path_10'] },
  ),
  hidden(['wma_10'], wma, { length: 10 }, ['close']),
  hidden(['hull_20'], twiceLess, {}, ['wma_10', 'wma_20']),
  feature(
    { hma_20: ['WMA 4 of twice WMA 10 less WMA 20', 'wma(2 * wma(close, 10) - wma_20, 4)'] },
    wma,
    { length: 4 },
    ['hull_20'],
    'Hull 2005',
    none,
  ),
);
