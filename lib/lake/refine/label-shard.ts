import type { Candles } from '../../domain/candles.ts';
import type { Interval } from '../../domain/interval.ts';
import type { FeatureEngine } from '../../features/engine.ts';
import { computeLabels, type LabelColumns } from '../../labels/compute-labels.ts';
import { joinLabelWindow, type LabelMemory, rememberCandles } from '../../labels/label-memory.ts';
import { closingTimes } from './candle-times.ts';

interface LabelShardInput {
  readonly interval: Interval;
  readonly candles: Candles;
  readonly knownAtMs: Float64Array;
  /** `volatility_7d` of the candles. It may be the engine's own buffer. */
  readonly sigma: Float64Array;
  /** The engine at the end of the shard. It is there again afterwards, but its columns are overwritten. */
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
  /** The state of the feature engine at the end of the shard. */
  readonly engine: Uint8Array;
}

/** Computes the labels of a shard. Labels after the shard overlap its own, so the engine runs ahead and is put back. */
export function labelShard(input: LabelShardInput): LabelledShard {
  const { interval, candles, knownAtMs, features, following } = input;
  const sigma = input.sigma.slice();
  const engine = features.save();
  const window = joinLabelWindow(
    input.labelMemory,
    { ...labelInputs(candles), knownAtMs, sigma },
    {
      ...labelInputs(following),
      knownAtMs: closingTimes(interval, following),
      sigma: sigmaAfter(following, features, engine),
    },
  );
  const begin = input.labelMemory.close.length;
  const end = begin + candles.length;
  return {
    labels: computeLabels(interval, window, begin, end),
    labelMemory: rememberCandles(interval, window, end),
    engine,
  };
}

function labelInputs({ openTimeMs, high, low, close }: Candles) {
  return { openTimeMs, high, low, close };
}

/** Returns σ of the candles after the shard, and restores the engine. */
function sigmaAfter(following: Candles, features: FeatureEngine, state: Uint8Array): Float64Array {
  if (following.length === 0) return new Float64Array();
  const sigma = features.run(following).columns.volatility_7d.slice();
  features.restore(state);
  return sigma;
}
