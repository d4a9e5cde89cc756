import { feature, featureSection, hidden } from '../feature-row.ts';
import { naturalLog } from '../kernels/arithmetic.ts';
import { candleSize, medianPrice, trueRange, typicalPrice } from '../kernels/candle-prices.ts';
import { logChange, move } from '../kernels/changes.ts';
import { ALL_MODELS, HLC, OHLC } from './models-and-inputs.ts';

/** Columns that the rows of several sections read. */
export const FOUNDATIONS = featureSection(
  feature(
    {
      trange: [
        'True range: high − low, gap to the close before included',
        'greater(high, lag(close, 1)) - lesser(low, lag(close, 1))',
      ],
    },
    { kernel: trueRange, inputs: HLC, source: 'TA-Lib TRANGE' },
  ),
  hidden(['candle_range', 'candle_body', 'candle_top', 'candle_bottom', 'candle_upper', 'candle_lower'], {
    kernel: candleSize,
    inputs: OHLC,
  }),
  hidden(['typical_price'], { kernel: typicalPrice, inputs: HLC }),
  hidden(['median_price'], { kernel: medianPrice, inputs: ['high', 'low'] }),
  hidden(['close_change', 'close_move'], { kernel: move, inputs: ['close'] }),
  feature(
    { log_return_1: ['ln(close ÷ close 1 candle ago)', 'ln(close / lag(close, 1))'] },
    { kernel: logChange, parameters: { lag: 1 }, inputs: ['close'], sets: ALL_MODELS },
  ),
  hidden(['log_close'], { kernel: naturalLog, inputs: ['close'] }),
);
