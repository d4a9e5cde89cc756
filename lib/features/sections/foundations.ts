import { feature, featureRows, hidden } from '../feature-row.ts';
import { logChange } from '../kernels/log-change.ts';
import { naturalLog } from '../kernels/natural-log.ts';
import { trueRange } from '../kernels/true-range.ts';
import { typicalPrice } from '../kernels/typical-price.ts';
import { every, HLC, none } from './words.ts';

/** What the rows of several sections read. */
export const FOUNDATIONS = featureRows(
  feature(
    { trange: 'True range: high − low, gap to the close before included' },
    trueRange,
    {},
    HLC,
    'TA-Lib TRANGE',
    none,
  ),
  hidden(['typical_price'], typicalPrice, {}, HLC),
  feature(
    { log_return_1: 'ln(close ÷ close 1 candle ago)' },
    logChange,
    { lag: 1 },
    ['close'],
    'its definition',
    every,
  ),
  hidden(['log_close'], naturalLog, {}, ['close']),
);
