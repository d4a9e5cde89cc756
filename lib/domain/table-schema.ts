/** The types of a column in the Parquet files, in Glue and in SQL. `timestamp` is milliseconds, UTC. */
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
  /** Its partition columns, outermost first. Absent if they are all of PARTITION_COLUMNS. */
  readonly partitions?: readonly PartitionColumn[];
}

/** Partition columns of a table of series, outermost first; other tables have some of them. */
export const PARTITION_COLUMNS = ['market', 'symbol', 'interval', 'period'] as const;
type PartitionColumn = (typeof PARTITION_COLUMNS)[number];

export function partitionsOf({ partitions = PARTITION_COLUMNS }: TableSchema): readonly PartitionColumn[] {
  return partitions;
}

/** Makes columns of one type. Each row has a value. */
export function columns(type: ColumnType, ...names: string[]): ColumnSchema[] {
  return names.map((name) => ({ name, type, nullable: false }));
}

export const CANDLES_SCHEMA: TableSchema = {
  name: 'candles',
  columns: [
    ...columns('timestamp', 'open_time'),
    ...columns('float64', 'open', 'high', 'low', 'close', 'volume', 'quote_volume'),
    ...columns('int32', 'trades'),
    ...columns('float64', 'taker_buy_volume', 'taker_buy_quote_volume'),
    ...columns('timestamp', 'close_time', 'known_at'),
    ...columns('string', 'source'),
    ...columns('int32', 'gap_before'),
  ],
};

/** The ledger: disjoint half-open ranges of the grid, in order. docs/gaps.md says which intervals have a row. */
export const GAPS_SCHEMA: TableSchema = {
  name: 'gaps',
  columns: [
    ...columns('timestamp', 'from_time', 'to_time'),
    ...columns('string', 'class'),
    ...columns('int32', 'intervals', 'candles'),
    ...columns('timestamp', 'known_at'),
    ...columns('string', 'evidence'),
  ],
};
