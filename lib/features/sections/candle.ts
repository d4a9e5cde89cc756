import { feature, featureRows } from '../feature-row.ts';
import { change } from '../kernels/change.ts';
import { logChange } from '../kernels/log-change.ts';
import { every, flat } from './words.ts';

/** The candle and its past. */
export const CANDLE = featureRows(
  feature({ return_1: 'Close ÷ close 1 candle ago − 1' }, change, { lag: 1 }, ['close'], 'its definition', flat),
  feature({ return_5: 'Close ÷ close 5 candles ago − 1' }, change, { lag: 5 }, ['close'], 'its definition', flat),
  feature({ return_10: 'Close ÷ close 10 candles ago − 1' }, change, { lag: 10 }, ['close'], 'its definition', flat),
  feature({ return_15: 'Close ÷ close 15 candles ago − 1' }, change, { lag: 15 }, ['close'], 'its definition', flat),
  feature(
    { log_return_1: 'ln(close ÷ close 1 candle ago)' },
    logChange,
    { lag: 1 },
    ['close'],
    'its definition',
    every,
  ),
);
