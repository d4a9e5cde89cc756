import { feature, featureSection } from '../feature-row.ts';
import { ratio } from '../kernels/arithmetic.ts';
import { candleParts } from '../kernels/candle-prices.ts';
import { lagged, relativeChange } from '../kernels/changes.ts';
import { ALL_MODELS, TABULAR_MODELS } from './models-and-inputs.ts';

/** The candle and its past. */
export const CANDLE = featureSection(
  feature(
    { return_1: ['Close ÷ close 1 candle ago − 1', 'close / lag(close, 1) - 1'] },
    { kernel: relativeChange, parameters: { lag: 1 }, inputs: ['close', 'close'], sets: TABULAR_MODELS },
  ),
  feature(
    { return_2: ['Close ÷ close 2 candles ago − 1', 'close / lag(close, 2) - 1'] },
    { kernel: relativeChange, parameters: { lag: 2 }, inputs: ['close', 'close'], sets: TABULAR_MODELS },
  ),
  feature(
    { return_3: ['Close ÷ close 3 candles ago − 1', 'close / lag(close, 3) - 1'] },
    { kernel: relativeChange, parameters: { lag: 3 }, inputs: ['close', 'close'], sets: TABULAR_MODELS },
  ),
  feature(
    { return_5: ['Close ÷ close 5 candles ago − 1', 'close / lag(close, 5) - 1'] },
    { kernel: relativeChange, parameters: { lag: 5 }, inputs: ['close', 'close'], sets: TABULAR_MODELS },
  ),
  feature(
    { return_10: ['Close ÷ close 10 candles ago − 1', 'close / lag(close, 10) - 1'] },
    { kernel: relativeChange, parameters: { lag: 10 }, inputs: ['close', 'close'], sets: TABULAR_MODELS },
  ),
  feature(
    { return_15: ['Close ÷ close 15 candles ago − 1', 'close / lag(close, 15) - 1'] },
    { kernel: relativeChange, parameters: { lag: 15 }, inputs: ['close', 'close'], sets: TABULAR_MODELS },
  ),
  feature(
    { return_30: ['Close ÷ close 30 candles ago − 1', 'close / lag(close, 30) - 1'] },
    { kernel: relativeChange, parameters: { lag: 30 }, inputs: ['close', 'close'], sets: TABULAR_MODELS },
  ),
  feature(
    { return_1_lag_1: ['return_1 of 1 candle ago', 'lag(return_1, 1)'] },
    { kernel: lagged, parameters: { lag: 1 }, inputs: ['return_1'], sets: TABULAR_MODELS },
  ),
  feature(
    { return_1_lag_2: ['return_1 of 2 candles ago', 'lag(return_1, 2)'] },
    { kernel: lagged, parameters: { lag: 2 }, inputs: ['return_1'], sets: TABULAR_MODELS },
  ),
  feature(
    { return_1_lag_3: ['return_1 of 3 candles ago', 'lag(return_1, 3)'] },
    { kernel: lagged, parameters: { lag: 3 }, inputs: ['return_1'], sets: TABULAR_MODELS },
  ),
  feature(
    { return_1_lag_4: ['return_1 of 4 candles ago', 'lag(return_1, 4)'] },
    { kernel: lagged, parameters: { lag: 4 }, inputs: ['return_1'], sets: TABULAR_MODELS },
  ),
  feature(
    { return_1_lag_5: ['return_1 of 5 candles ago', 'lag(return_1, 5)'] },
    { kernel: lagged, parameters: { lag: 5 }, inputs: ['return_1'], sets: TABULAR_MODELS },
  ),
  feature(
    {
      body_ratio: ['Body as a part of high − low, 0 to 1', 'body / range'],
      upper_shadow_ratio: ['Upper shadow as a part of high − low, 0 to 1', 'upper / range'],
      lower_shadow_ratio: ['Lower shadow as a part of high − low, 0 to 1', 'lower / range'],
    },
    { kernel: candleParts, inputs: ['candle_range', 'candle_body', 'candle_upper', 'candle_lower'], sets: ALL_MODELS },
  ),
  feature(
    { range_ratio: ['(high − low) ÷ close', 'range / close'] },
    { kernel: ratio, inputs: ['candle_range', 'close'], sets: ALL_MODELS },
  ),
  feature(
    { gap_open: ['Open ÷ close before − 1', 'open / lag(close, 1) - 1'] },
    { kernel: relativeChange, parameters: { lag: 1 }, inputs: ['open', 'close'], sets: TABULAR_MODELS },
  ),
);
