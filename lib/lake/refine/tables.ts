import { CANDLE_COLUMNS, CANDLE_TABLE_COLUMNS } from '../../domain/candles.ts';
import { SOURCES } from '../../domain/chunk.ts';
import type { Series } from '../../domain/series.ts';
import { CANDLES_SCHEMA, GAPS_SCHEMA, type TableSchema } from '../../domain/table-schema.ts';
import type { Table } from '../../domain/tables.ts';
import type { FeatureColumns } from '../../features/engine.ts';
import type { FeatureRow } from '../../features/feature-row.ts';
import { featuresSchema } from '../../features/schema.ts';
import type { LabelColumns } from '../../labels/compute-labels.ts';
import { LABELS_SCHEMA } from '../../labels/schema.ts';
import type { ColumnValues } from '../../parquet/table-values.ts';
import type { MergedCandles } from '../landing/merge.ts';
import { type GapRow, gapColumns } from '../ledger/gap-row.ts';

/** Everything that the tables of one shard are made from. */
export interface ShardParts {
  readonly series: Series;
  readonly shard: Pick<MergedCandles, 'candles' | 'source'>;
  /** For each candle, the end of its interval. */
  readonly knownAtMs: Float64Array;
  /** For each candle, the number of intervals missing directly before it. */
  readonly gapBefore: Float64Array;
  readonly features: FeatureColumns;
  readonly labels: LabelColumns;
  readonly gaps: readonly GapRow[];
}

/** A table of the lake: its schema, and its rows for one shard. */
interface ShardTable {
  readonly schema: (features: readonly FeatureRow[]) => TableSchema;
  /** The number of rows. */
  readonly length: (parts: ShardParts) => number;
  readonly columns: (parts: ShardParts) => ReadonlyMap<string, ColumnValues>;
}

/**
 * THE TABLES that every shard of a series has. They are encoded in the order of `TABLES`. docs/add-a-table.md says how
 * to add one.
 */
export const SHARD_TABLES: Readonly<Record<Table, ShardTable>> = {
  candles: {
    schema: () => CANDLES_SCHEMA,
    length: ({ shard }) => shard.candles.length,
    columns: candleColumns,
  },
  features: {
    schema: featuresSchema,
    length: ({ shard }) => shard.candles.length,
    columns: ({ shard, knownAtMs, features }) =>
      new Map([['open_time', shard.candles.openTimeMs], ['known_at', knownAtMs], ...Object.entries(features.columns)]),
  },
  labels: {
    schema: () => LABELS_SCHEMA,
    length: ({ labels }) => labels.length,
    columns: ({ labels }) => new Map(Object.entries(labels.columns)),
  },
  gaps: {
    schema: () => GAPS_SCHEMA,
    length: ({ gaps }) => gaps.length,
    columns: ({ gaps }) => gapColumns(gaps),
  },
};

function candleColumns({ series, shard, knownAtMs, gapBefore }: ShardParts): Map<string, ColumnValues> {
  const { candles, source } = shard;
  const sources =
    series.market === 'sim'
      ? { words: ['simulated'], codes: new Uint8Array(candles.length) }
      : { words: SOURCES, codes: source };
  return new Map<string, ColumnValues>([
    ...CANDLE_COLUMNS.map((name) => [CANDLE_TABLE_COLUMNS[name], candles[name]] as const),
    ['known_at', knownAtMs],
    ['source', sources],
    ['gap_before', gapBefore],
  ]);
}
