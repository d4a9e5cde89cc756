import { column, feature, featureSection, hidden } from '../feature-row.ts';
import { tema, twiceLess } from '../kernels/arithmetic.ts';
import { sma, wma } from '../kernels/averages.ts';
import { ema } from '../kernels/exponential-averages.ts';
import { kama } from '../kernels/kama.ts';

/** Averages of the close. */
export const AVERAGES = featureSection(
  smaOfClose(7),
  smaOfClose(20),
  smaOfClose(50),
  smaOfClose(100),
  smaOfClose(200),
  emaOfClose(9),
  emaOfClose(12),
  emaOfClose(20),
  emaOfClose(26),
  emaOfClose(50),
  emaOfClose(100),
  emaOfClose(200),
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

function smaOfClose<const Length extends number>(length: Length) {
  return feature(column(`sma_${length}`, `Mean of the last ${length} closes`, `mean(close, ${length})`), {
    kernel: sma,
    parameters: { length },
    inputs: ['close'],
    source: 'TA-Lib SMA',
  });
}

function emaOfClose<const Length extends number>(length: Length) {
  return feature(column(`ema_${length}`, `Exponential average of ${length} closes`, `ema(close, ${length})`), {
    kernel: ema,
    parameters: { length },
    inputs: ['close'],
    source: 'TA-Lib EMA',
  });
}
