import type { Candles } from '../domain/candles.ts';
import type { Series } from '../domain/series.ts';
import { CANDLES_SCHEMA } from '../domain/table-schema.ts';
import type { FeatureEngine } from '../features/engine.ts';
import { FEATURES_SCHEMA } from '../features/schema.ts';
import { computeLabels } from '../labels/compute-labels.ts';
import { LABELS_SCHEMA } from '../labels/schema.ts';
import { candleColumns } from './candle-columns.ts';
import { closingTimes, gapsBefore } from './candle-times.ts';
import { encodeCheckpoint } from './checkpoint.ts';
import type { DecodedShard } from './decode-shard.ts';
import { hashCandles, sha256 } from './hash.ts';
import { encodeParquet } from './parquet.ts';

export interface RefineShardInput {
  readonly series: Series;
  readonly shard: DecodedShard;
  readonly previousChain: string;
  /** NaN for the first shard of a series. */
  readonly previousOpenTimeMs: number;
  readonly codeHash: string;
  /** Standing at the end of the shard before; stands at the end of this one afterwards. */
  readonly features: FeatureEngine;
  /** The candles after the shard, which its labels may look at. */
  readonly following: Candles;
}

/** The objects of one shard, ready to be published. */
export interface RefinedShard {
  readonly candles: Uint8Array;
  readonly features: Uint8Array;
  readonly labels: Uint8Array;
  readonly labelRows: number;
  readonly checkpoint: Uint8Array;
  readonly chain: string;
  readonly missing: number;
}

/** Candles to tables: pure, but for the feature engine that moves on. */
export function refineShard(input: RefineShardInput): RefinedShard {
  const { series, shard, features, following } = input;
  const { candles } = shard;
  const { interval } = series;
  const knownAtMs = closingTimes(interval, candles);
  const gapBefore = gapsBefore(interval, candles.openTimeMs, input.previousOpenTimeMs);

  const { columns: featureColumns } = features.run(candles);
  const window = {
    openTimeMs: candles.openTimeMs,
    knownAtMs: concat(knownAtMs, closingTimes(interval, following)),
    high: concat(candles.high, following.high),
    low: concat(candles.low, following.low),
    close: concat(candles.close, following.close),
    sigma: featureColumns.volatility_7d,
  };
  const labels = computeLabels(interval, window, 0, candles.length);

  const chain = sha256(input.previousChain, '\n', hashCandles(candles), '\n', input.codeHash);
  const lastOpenTimeMs = candles.openTimeMs.at(-1)!;
  return {
    candles: encodeParquet(CANDLES_SCHEMA, candles.length, candleColumns(series, shard, knownAtMs, gapBefore)),
    features: encodeParquet(
      FEATURES_SCHEMA,
      candles.length,
      new Map([['open_time', candles.openTimeMs], ['known_at', knownAtMs], ...Object.entries(featureColumns)]),
    ),
    labels: encodeParquet(LABELS_SCHEMA, labels.length, new Map(Object.entries(labels.columns))),
    labelRows: labels.length,
    checkpoint: encodeCheckpoint({ chain, lastOpenTimeMs, engine: features.save() }),
    chain,
    missing: gapBefore.reduce((sum, gap) => sum + gap, 0),
  };
}

function concat(first: Float64Array, second: Float64Array): Float64Array {
  const joined = new Float64Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
