import type { Candles } from '../../domain/candles.ts';
import type { Series } from '../../domain/series.ts';
import { TABLES, type Table } from '../../domain/tables.ts';
import type { FeatureEngine } from '../../features/engine.ts';
import type { LabelMemory } from '../../labels/label-memory.ts';
import { encodeTable } from '../../parquet/encode-table.ts';
import type { MergedCandles } from '../landing/merge.ts';
import type { GapRow } from '../ledger/gap-row.ts';
import { chainOf } from '../manifest/hash-candles.ts';
import { closingTimes, gapsBefore } from './candle-times.ts';
import { encodeCheckpoint } from './checkpoint.ts';
import { labelShard } from './label-shard.ts';
import { SHARD_TABLES, type ShardParts } from './tables.ts';

interface RefineShardInput {
  readonly series: Series;
  readonly shard: MergedCandles;
  readonly previousChain: string;
  /** The open time of the last candle before the shard; NaN before the first candle. */
  readonly previousOpenTimeMs: number;
  readonly codeHash: string;
  /** The engine at the end of the shard before. `refineShard` moves it to the end of this shard. */
  readonly features: FeatureEngine;
  /** The candles before the shard that its labels read. */
  readonly labelMemory: LabelMemory;
  /** The candles after the shard that its labels may read. */
  readonly following: Candles;
  /** The rows of the shard's ledger. */
  readonly gaps: readonly GapRow[];
}

interface EncodedTable {
  readonly rows: number;
  readonly bytes: Uint8Array;
}

/** The objects of one shard, ready to be published. */
export interface RefinedShard {
  readonly tables: Readonly<Record<Table, EncodedTable>>;
  readonly checkpoint: Uint8Array;
  /** The candles of this shard and before that the labels of the next shard read. */
  readonly labelMemory: LabelMemory;
  readonly chain: string;
  /** The number of intervals missing before the candles of the shard. */
  readonly missing: number;
}

/** Computes the tables and the checkpoint of a shard. The result depends on the input alone. */
export function refineShard(input: RefineShardInput): RefinedShard {
  const { series, shard, features, following, labelMemory } = input;
  const { candles } = shard;
  const knownAtMs = closingTimes(series.interval, candles);
  const gapBefore = gapsBefore(series.interval, candles.openTimeMs, input.previousOpenTimeMs);
  const computed = features.run(candles);
  const sigma = computed.columns.volatility_7d;
  const { interval } = series;
  const labelled = labelShard({ interval, candles, knownAtMs, sigma, features, labelMemory, following });
  const tables = encodeTables(features, {
    series,
    shard,
    knownAtMs,
    gapBefore,
    gaps: input.gaps,
    features: computed,
    labels: labelled.labels,
  });
  // An empty shard does not change the chain.
  const isEmpty = candles.length === 0;
  const chain = isEmpty ? input.previousChain : chainOf(input.previousChain, candles, input.codeHash);
  const lastOpenTimeMs = isEmpty ? input.previousOpenTimeMs : candles.openTimeMs.at(-1)!;
  return {
    tables,
    checkpoint: encodeCheckpoint({ chain, lastOpenTimeMs, engine: features.save(), labels: labelled.labelMemory }),
    labelMemory: labelled.labelMemory,
    chain,
    missing: gapBefore.reduce((sum, gap) => sum + gap, 0),
  };
}

function encodeTables({ rows: features }: FeatureEngine, parts: ShardParts): RefinedShard['tables'] {
  const encoded = TABLES.map((name): [Table, EncodedTable] => {
    const { schema, length, columns } = SHARD_TABLES[name];
    const rows = length(parts);
    return [name, { rows, bytes: encodeTable(schema(features), rows, columns(parts)) }];
  });
  return Object.fromEntries(encoded) as RefinedShard['tables'];
}
