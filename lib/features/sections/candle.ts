import { column, feature, featureSection } from '../feature-row.ts';
import { ratio } from '../kernels/arithmetic.ts';
import { candleParts } from '../kernels/candle-prices.ts';
import { lagged, relativeChange } from '../kernels/changes.ts';
import { ALL_MODELS, TABULAR_MODELS } from './models-and-inputs.ts';

/** The candle and its past. */
export const CANDLE = featureSection(
  returnOver(1),
  returnOver(2),
  returnOver(3),
  returnOver(5),
  returnOver(10),
  returnOver(15),
  returnOver(30),
  laggedReturn(1),
  laggedReturn(2),
  laggedReturn(3),
  laggedReturn(4),
  laggedReturn(5),
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

function returnOver<const Lag extends number>(lag: Lag) {
  const ago = `${lag} ${lag === 1 ? 'candle' : 'candles'} ago`;
  return feature(column(`return_${lag}`, `Close ÷ close ${ago} − 1`, `close / lag(close, ${lag}) - 1`), {
    kernel: relativeChange,
    parameters: { lag },
    inputs: ['close', 'close'],
    sets: TABULAR_MODELS,
  });
}

function laggedReturn<const Lag extends number>(lag: Lag) {
  const ago = `${lag} ${lag === 1 ? 'candle' : 'candles'} ago`;
  return feature(column(`return_1_lag_${lag}`, `return_1 of ${ago}`, `lag(return_1, ${lag})`), {
    kernel: lagged,
    parameters: { lag },
    inputs: ['return_1'],
    sets: TABULAR_MODELS,
  });
}
