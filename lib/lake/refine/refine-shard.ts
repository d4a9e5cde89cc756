import type { Candles } from '../../domain/candles.ts';
import type { Series } from '../../domain/series.ts';
import { CANDLES_SCHEMA, GAPS_SCHEMA } from '../../domain/table-schema.ts';
import type { FeatureEngine } from '../../features/engine.ts';
import { featuresSchema } from '../../features/schema.ts';
import type { LabelMemory } from '../../labels/label-memory.ts';
import { LABELS_SCHEMA } from '../../labels/schema.ts';
import { encodeTable } from '../../parquet/encode-table.ts';
import type { MergedCandles } from '../landing/merge.ts';
import { type GapRow, gapColumns } from '../ledger/gap-row.ts';
import { chainOf } from '../manifest/hash-candles.ts';
import { candleColumns } from './candle-columns.ts';
import { closingTimes, gapsBefore } from './candle-times.ts';
import { encodeCheckpoint } from './checkpoint.ts';
import { labelShard } from './label-shard.ts';

export interface RefineShardInput {
  readonly series: Series;
  readonly shard: MergedCandles;
  readonly previousChain: string;
  /** NaN for the first shard of a series. */
  readonly previousOpenTimeMs: number;
  readonly codeHash: string;
  /** Standing at the end of the shard before; stands at the end of this one afterwards. */
  readonly features: FeatureEngine;
  /** The candles before the shard that its labels look back at. */
  readonly labelMemory: LabelMemory;
  /** The candles after the shard, which its labels may look at. */
  readonly following: Candles;
  /** Rows of the shard's ledger. */
  readonly gaps: readonly GapRow[];
}

/** The objects of one shard, ready to be published. */
export interface RefinedShard {
  readonly candles: Uint8Array;
  readonly features: Uint8Array;
  readonly labels: Uint8Array;
  readonly labelRows: number;
  readonly gaps: Uint8Array;
  readonly checkpoint: Uint8Array;
  /** What the labels of the next shard look back at. */
  readonly labelMemory: LabelMemory;
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
  const featureBytes = encodeTable(
    featuresSchema(features.rows),
    candles.length,
    new Map([['open_time', candles.openTimeMs], ['known_at', knownAtMs], ...Object.entries(featureColumns)]),
  );
  // Last, because the engine looks ahead for it and its columns are overwritten.
  const { labels, labelMemory, engine } = labelShard({
    interval,
    candles,
    knownAtMs,
    sigma: featureColumns.volatility_7d,
    features,
    labelMemory: input.labelMemory,
    following,
  });

  // A shard that lost its candles is passed by as if it were not there.
  const isEmpty = candles.length === 0;
  const chain = isEmpty ? input.previousChain : chainOf(input.previousChain, candles, input.codeHash);
  const lastOpenTimeMs = isEmpty ? input.previousOpenTimeMs : candles.openTimeMs.at(-1)!;
  return {
    candles: encodeTable(CANDLES_SCHEMA, candles.length, candleColumns(series, shard, knownAtMs, gapBefore)),
    features: featureBytes,
    labels: encodeTable(LABELS_SCHEMA, labels.length, new Map(Object.entries(labels.columns))),
    labelRows: labels.length,
    gaps: encodeTable(GAPS_SCHEMA, input.gaps.length, gapColumns(input.gaps)),
    checkpoint: encodeCheckpoint({ chain, lastOpenTimeMs, engine, labels: labelMemory }),
    labelMemory,
    chain,
    missing: gapBefore.reduce((sum, gap) => sum + gap, 0),
  };
}
