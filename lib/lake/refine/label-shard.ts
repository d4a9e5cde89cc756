import type { Candles } from '../../domain/candles.ts';
import type { Interval } from '../../domain/interval.ts';
import type { FeatureEngine } from '../../features/engine.ts';
import { computeLabels, type LabelColumns } from '../../labels/compute-labels.ts';
import { joinLabelWindow, type LabelMemory, rememberCandles } from '../../labels/label-memory.ts';
import { closingTimes } from './candle-times.ts';

export interface LabelShardInput {
  readonly interval: Interval;
  readonly candles: Candles;
  readonly knownAtMs: Float64Array;
  /** `volatility_7d` of the candles; may be the engine's own buffer. */
  readonly sigma: Float64Array;
  /** Standing at the end of the shard, before and after; its columns are not those of the shard any more. */
  readonly features: FeatureEngine;
  /** The candles before the shard that its labels look back at. */
  readonly labelMemory: LabelMemory;
  /** The candles after the shard that its labels look at. */
  readonly following: Candles;
}

export interface LabelledShard {
  readonly labels: LabelColumns;
  /** What the labels of the next shard look back at. */
  readonly labelMemory: LabelMemory;
  /** State of the feature engine at the end of the shard. */
  readonly engine: Uint8Array;
}

/** The labels of a shard. For the overlap of labels the engine looks ahead; it is put back to where it stood. */
export function labelShard(input: LabelShardInput): LabelledShard {
  const { interval, candles, knownAtMs, features, following } = input;
  const sigma = input.sigma.slice();
  const engine = features.save();
  const window = joinLabelWindow(
    input.labelMemory,
    { ...labelColumns(candles), knownAtMs, sigma },
    {
      ...labelColumns(following),
      knownAtMs: closingTimes(interval, following),
      sigma: sigmaOf(following, features, engine),
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

function labelColumns({ openTimeMs, high, low, close }: Candles) {
  return { openTimeMs, high, low, close };
}

/** σ of the candles after the shard: labels that begin there overlap those of the shard. */
function sigmaOf(following: Candles, features: FeatureEngine, standing: Uint8Array): Float64Array {
  if (following.length === 0) return new Float64Array();
  const sigma = features.run(following).columns.volatility_7d.slice();
  features.restore(standing);
  return sigma;
}
