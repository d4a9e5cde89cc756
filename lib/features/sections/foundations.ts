import { feature, featureRows, hidden } from '../feature-row.ts';
import { candleSize } from '../kernels/candle-size.ts';
import { logChange } from '../kernels/log-change.ts';
import { medianPrice } from '../kernels/median-price.ts';
import { move } from '../kernels/move.ts';
import { naturalLog } from '../kernels/natural-log.ts';
import { trueRange } from '../kernels/true-range.ts';
import { typicalPrice } from '../kernels/typical-price.ts';
import { every, HLC, none, OHLC } from './words.ts';

/** What the rows of several sections read. */
export const FOUNDATIONS = featureRows(
  feature(
    {
      trange: [
        'True range: high − low, gap to the close before included',
        'greater(high, lag(close, 1)) - lesser(low, lag(close, 1))',
      ],
    },
    trueRange,
    {},
    HLC,
    'TA-Lib TRANGE',
    none,
  ),
  hidden(
    ['candle_range', 'candle_body', 'candle_top', 'candle_bottom', 'candle_upper', 'candle_lower'],
    candleSize,
    {},
    OHLC,
  ),
  hidden(['typical_price'], typicalPrice, {}, HLC),
  hidden(['median_price'], medianPrice, {}, ['high', 'low']),
  hidden(['close_change', 'close_move'], move, {}, ['close']),
  feature(
    { log_return_1: ['ln(close ÷ close 1 candle ago)', 'ln(close / lag(close, 1))'] },
    logChange,
    { lag: 1 },
    ['close'],
    'its definition',
    every,
  ),
  hidden(['log_close'], naturalLog, {}, ['close']),
);
