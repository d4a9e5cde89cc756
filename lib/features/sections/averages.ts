import { feature, featureSection, hidden } from '../feature-row.ts';
import { tema, twiceLess } from '../kernels/arithmetic.ts';
import { sma, wma } from '../kernels/averages.ts';
import { ema } from '../kernels/exponential-averages.ts';
import { kama } from '../kernels/kama.ts';

/** Averages of the close. */
export const AVERAGES = featureSection(
  feature(
    { sma_7: ['Mean of the last 7 closes', 'mean(close, 7)'] },
    { kernel: sma, parameters: { length: 7 }, inputs: ['close'], source: 'TA-Lib SMA' },
  ),
  feature(
    { sma_20: ['Mean of the last 20 closes', 'mean(close, 20)'] },
    { kernel: sma, parameters: { length: 20 }, inputs: ['close'], source: 'TA-Lib SMA' },
  ),
  feature(
    { sma_50: ['Mean of the last 50 closes', 'mean(close, 50)'] },
    { kernel: sma, parameters: { length: 50 }, inputs: ['close'], source: 'TA-Lib SMA' },
  ),
  feature(
    { sma_100: ['Mean of the last 100 closes', 'mean(close, 100)'] },
    { kernel: sma, parameters: { length: 100 }, inputs: ['close'], source: 'TA-Lib SMA' },
  ),
  feature(
    { sma_200: ['Mean of the last 200 closes', 'mean(close, 200)'] },
    { kernel: sma, parameters: { length: 200 }, inputs: ['close'], source: 'TA-Lib SMA' },
  ),
  feature(
    { ema_9: ['Exponential average of 9 closes', 'ema(close, 9)'] },
    { kernel: ema, parameters: { length: 9 }, inputs: ['close'], source: 'TA-Lib EMA' },
  ),
  feature(
    { ema_12: ['Exponential average of 12 closes', 'ema(close, 12)'] },
    { kernel: ema, parameters: { length: 12 }, inputs: ['close'], source: 'TA-Lib EMA' },
  ),
  feature(
    { ema_20: ['Exponential average of 20 closes', 'ema(close, 20)'] },
    { kernel: ema, parameters: { length: 20 }, inputs: ['close'], source: 'TA-Lib EMA' },
  ),
  feature(
    { ema_26: ['Exponential average of 26 closes', 'ema(close, 26)'] },
    { kernel: ema, parameters: { length: 26 }, inputs: ['close'], source: 'TA-Lib EMA' },
  ),
  feature(
    { ema_50: ['Exponential average of 50 closes', 'ema(close, 50)'] },
    { kernel: ema, parameters: { length: 50 }, inputs: ['close'], source: 'TA-Lib EMA' },
  ),
  feature(
    { ema_100: ['Exponential average of 100 closes', 'ema(close, 100)'] },
    { kernel: ema, parameters: { length: 100 }, inputs: ['close'], source: 'TA-Lib EMA' },
  ),
  feature(
    { ema_200: ['Exponential average of 200 closes', 'ema(close, 200)'] },
    { kernel: ema, parameters: { length: 200 }, inputs: ['close'], source: 'TA-Lib EMA' },
  ),
  feature(
    { wma_20: ['Mean of 20 closes weighted 1 to 20', 'wma(close, 20)'] },
    { kernel: wma, parameters: { length: 20 }, inputs: ['close'], source: 'TA-Lib WMA' },
  ),
  hidden(['ema_20_twice'], { kernel: ema, parameters: { length: 20 }, inputs: ['ema_20'] }),
  hidden(['ema_20_thrice'], { kernel: ema, parameters: { length: 20 }, inputs: ['ema_20_twice'] }),
  feature(
    { dema_20: ['Twice ema_20 less its own EMA 20', '2 * ema_20 - ema(ema_20, 20)'] },
    { kernel: twiceLess, inputs: ['ema_20', 'ema_20_twice'], source: 'TA-Lib DEMA' },
  ),
  feature(
    {
      tema_20: [
        'Three times ema_20 less its EMA 20, plus the EMA 20 of that',
        '3 * ema_20 - 3 * ema(ema_20, 20) + ema(ema(ema_20, 20), 20)',
      ],
    },
    { kernel: tema, inputs: ['ema_20', 'ema_20_twice', 'ema_20_thrice'], source: 'TA-Lib TEMA' },
  ),
  feature(
    { kama_10: ['Average of the close, the faster the straighter its way over 10 candles', 'kama(close, 10)'] },
    {
      kernel: kama,
      parameters: { length: 10 },
      inputs: ['close', 'close_move'],
      source: 'TA-Lib KAMA',
      hidden: ['close_path_10'],
    },
  ),
  hidden(['wma_10'], { kernel: wma, parameters: { length: 10 }, inputs: ['close'] }),
  hidden(['hull_20'], { kernel: twiceLess, inputs: ['wma_10', 'wma_20'] }),
  feature(
    { hma_20: ['WMA 4 of twice WMA 10 less WMA 20', 'wma(2 * wma(close, 10) - wma_20, 4)'] },
    { kernel: wma, parameters: { length: 4 }, inputs: ['hull_20'], source: 'Hull 2005' },
  ),
);
