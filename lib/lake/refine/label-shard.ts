import type { Candles } from '../../domain/candles.ts';
import type { Interval } from '../../domain/interval.ts';
import type { FeatureEngine } from '../../features/engine.ts';
import { runAhead } from '../../features/run-ahead.ts';
import { computeLabels, type LabelColumns } from '../../labels/compute-labels.ts';
import { joinLabelWindow, type LabelMemory, rememberCandles } from '../../labels/label-memory.ts';
import { closingTimes } from './candle-times.ts';

interface LabelShardInput {
  readonly interval: Interval;
  readonly candles: Candles;
  readonly knownAtMs: Float64Array;
  /** `volatility_7d` of the candles. */
  readonly sigma: Float64Array;
  /** The engine at the end of the shard. It stays there. */
  readonly features: FeatureEngine;
  /** The candles before the shard that its labels read. */
  readonly labelMemory: LabelMemory;
  /** The candles after the shard that its labels read. */
  readonly following: Candles;
}

export interface LabelledShard {
  readonly labels: LabelColumns;
  /** The candles that the labels of the next shard read. */
  readonly labelMemory: LabelMemory;
}

/** Computes the labels of a shard. Labels after the shard overlap its own, so they need σ of the candles after it. */
export function labelShard(input: LabelShardInput): LabelledShard {
  const { interval, candles, knownAtMs, sigma, features, following } = input;
  const window = joinLabelWindow(
    input.labelMemory,
    { ...labelInputs(candles), knownAtMs, sigma },
    {
      ...labelInputs(following),
      knownAtMs: closingTimes(interval, following),
      sigma: runAhead(features, interval, following, 'volatility_7d'),
    },
  );
  const begin = input.labelMemory.close.length;
  const end = begin + candles.length;
  return {
    labels: computeLabels(interval, window, begin, end),
    labelMemory: rememberCandles(interval, window, end),
  };
}

function labelInputs({ openTimeMs, high, low, close }: Candles) {
  return { openTimeMs, high, low, close };
}
