import type { Candles } from '../../domain/candles.ts';
import type { Series } from '../../domain/series.ts';
import { TABLES, type Table } from '../../domain/tables.ts';
import type { FeatureEngine } from '../../features/engine.ts';
import type { LabelMemory } from '../../labels/label-memory.ts';
import { encodeTable } from '../../parquet/encode-table.ts';
import type { MergedCandles } from '../landing/merge.ts';
import type { GapRow } from '../ledger/gap-row.ts';
import { closingTimes, gapsBefore } from './candle-times.ts';
import { encodeCheckpoint } from './checkpoint.ts';
import { labelShard } from './label-shard.ts';
import { SHARD_TABLES, type ShardParts } from './tables.ts';

/** The input of a shard, besides the state at the end of the shard before. */
export interface ShardInput {
  readonly series: Series;
  readonly shard: Pick<MergedCandles, 'candles' | 'source'>;
  /** The chain hash of the shard. */
  readonly chain: string;
  /** The open time of the last candle before the shard; NaN before the first candle. */
  readonly previousOpenTimeMs: number;
  /** The candles after the shard that its labels may read. */
  readonly following: Candles;
  /** The rows of the shard's ledger. */
  readonly gaps: readonly GapRow[];
}

/** The state at the end of the shard before. */
interface ShardState {
  /** The engine. `refineShard` moves it to the end of this shard. */
  readonly features: FeatureEngine;
  /** The candles before the shard that its labels read. */
  readonly labelMemory: LabelMemory;
}

interface EncodedTable {
  readonly rows: number;
  readonly bytes: Uint8Array;
}

/** The objects of one shard, ready to be published. */
export interface RefinedShard {
  readonly tables: Readonly<Record<Table, EncodedTable>>;
  readonly checkpoint: Uint8Array;
  /** The number of intervals missing before the candles of the shard. */
  readonly missing: number;
}

/** Buffers of tables that are stored. New tables are written into them if they fit. */
export type TableMemory = Readonly<Partial<Record<Table, ArrayBuffer>>>;

/** Returns the buffers of a shard that is stored. */
export function memoryOf({ tables }: RefinedShard): TableMemory {
  const buffers = TABLES.map((table) => [table, tables[table].bytes.buffer] as const);
  return Object.fromEntries(buffers.filter(([, buffer]) => buffer instanceof ArrayBuffer));
}

/**
 * Computes the tables and the checkpoint of a shard, and the candles that the labels of the next shard read. The result
 * depends on the input and the state alone.
 */
export function refineShard(
  input: ShardInput,
  { features, labelMemory }: ShardState,
  memory: TableMemory = {},
): { readonly refined: RefinedShard; readonly labelMemory: LabelMemory } {
  const { series, shard, chain, following } = input;
  const { candles } = shard;
  const knownAtMs = closingTimes(series.interval, candles);
  const gapBefore = gapsBefore(series.interval, candles.openTimeMs, input.previousOpenTimeMs);
  const computed = features.run(candles);
  const sigma = computed.columns.volatility_7d;
  const { interval } = series;
  const labelled = labelShard({ interval, candles, knownAtMs, sigma, features, labelMemory, following });
  const tables = encodeTables(
    features,
    {
      series,
      shard,
      knownAtMs,
      gapBefore,
      gaps: input.gaps,
      features: computed,
      labels: labelled.labels,
    },
    memory,
  );
  const lastOpenTimeMs = candles.openTimeMs.at(-1) ?? input.previousOpenTimeMs;
  const { labelMemory: labels } = labelled;
  const checkpoint = encodeCheckpoint({ chain, lastOpenTimeMs, engine: features.save(), labels });
  const missing = gapBefore.reduce((sum, gap) => sum + gap, 0);
  return { refined: { tables, checkpoint, missing }, labelMemory: labels };
}

function encodeTables(
  { rows: features }: FeatureEngine,
  parts: ShardParts,
  memory: TableMemory,
): RefinedShard['tables'] {
  const encoded = TABLES.map((name): [Table, EncodedTable] => {
    const { schema, length, columns } = SHARD_TABLES[name];
    const rows = length(parts);
    return [name, { rows, bytes: encodeTable(schema(features), rows, columns(parts), memory[name]) }];
  });
  return Object.fromEntries(encoded) as RefinedShard['tables'];
}
