/** Types a column may have in the Parquet files, in Glue and in SQL. `timestamp` is milliseconds, UTC. */
export type ColumnType = 'timestamp' | 'float64' | 'float32' | 'int32' | 'int8' | 'string';

export interface ColumnSchema {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  /** The column's meaning for the Glue table, at most 255 characters. */
  readonly comment?: string;
}

/** The one description of a table, from which the Parquet writer and the Glue table are both made. */
export interface TableSchema {
  readonly name: string;
  readonly columns: readonly ColumnSchema[];
  /** Its partition columns, outermost first, where they are not all of PARTITION_COLUMNS. */
  readonly partitions?: readonly PartitionColumn[];
}

/** Partition columns of a table of series, outermost first; other tables have some of them. */
export const PARTITION_COLUMNS = ['market', 'symbol', 'interval', 'period'] as const;
export type PartitionColumn = (typeof PARTITION_COLUMNS)[number];

export function partitionsOf({ partitions = PARTITION_COLUMNS }: TableSchema): readonly PartitionColumn[] {
  return partitions;
}

const column = (name: string, type: ColumnType): ColumnSchema => ({ name, type, nullable: false });

export const CANDLES_SCHEMA: TableSchema = {
  name: 'candles',
  columns: [
    column('open_time', 'timestamp'),
    column('open', 'float64'),
    column('high', 'float64'),
    column('low', 'float64'),
    column('close', 'float64'),
    column('volume', 'float64'),
    column('quote_volume', 'float64'),
    column('trades', 'int32'),
    column('taker_buy_volume', 'float64'),
    column('taker_buy_quote_volume', 'float64'),
    column('close_time', 'timestamp'),
    column('known_at', 'timestamp'),
    column('source', 'string'),
    column('gap_before', 'int32'),
  ],
};

/** The intervals of the grid that are no candle, or one with a story: half-open ranges, disjoint and in order. */
export const GAPS_SCHEMA: TableSchema = {
  name: 'gaps',
  columns: [
    column('from_time', 'timestamp'),
    column('to_time', 'timestamp'),
    column('class', 'string'),
    column('intervals', 'int32'),
    column('candles', 'int32'),
    column('known_at', 'timestamp'),
    column('evidence', 'string'),
  ],
};
