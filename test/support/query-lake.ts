import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Series } from '../../lib/domain/series.ts';
import type { ColumnType } from '../../lib/domain/table-schema.ts';
import type { Table } from '../../lib/domain/tables.ts';
import { tableKey } from '../../lib/lake/keys.ts';
import { PARQUET_TABLES } from '../../lib/query/views.ts';
import { temporaryFolder } from './folder.ts';

const SQL_TYPES: Record<ColumnType, string> = {
  timestamp: 'TIMESTAMPTZ',
  float64: 'DOUBLE',
  float32: 'FLOAT',
  int32: 'INTEGER',
  int8: 'TINYINT',
  string: 'VARCHAR',
};

export interface SmallShard {
  readonly series: Series;
  readonly period: string;
  readonly table: Table;
  /** SQL text of the first open time, and how many rows. */
  readonly from: string;
  readonly rows: number;
  readonly minutes: number;
  /** SQL over `i` (row) for columns that are not simply their row number. */
  readonly values?: Readonly<Record<string, string>>;
  /** Columns that this shard, written by an older version, does not have yet. */
  readonly lacks?: readonly string[];
}

/** A new temporary folder; the name is one that SQL, globs and shells all trip over. */
export function awkwardFolder(): string {
  const folder = join(temporaryFolder(), `o'lake [x] "価格" * ?{a,b}`);
  mkdirSync(folder);
  return folder;
}

/** Writes shards with DuckDB: every column of the table's schema, by default the row's number. */
export async function writeShards(folder: string, shards: readonly SmallShard[]): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`SET TimeZone = 'UTC'`);
  for (const shard of shards) {
    const path = join(folder, tableKey(shard.table, shard.series, shard.period));
    mkdirSync(dirname(path), { recursive: true });
    const schema = PARQUET_TABLES.find(({ name }) => name === shard.table)!;
    const openTime = `(TIMESTAMPTZ '${shard.from}' + to_minutes((i * ${shard.minutes})::INT))`;
    const values: Record<string, string> = {
      open_time: openTime,
      known_at: `${openTime} + to_minutes(${shard.minutes})`,
      close_time: `${openTime} + to_minutes(${shard.minutes}) - INTERVAL 1 MILLISECOND`,
      source: `'archive_monthly'`,
      signal_t1: openTime,
      tb_2_20_t1: openTime,
      ...shard.values,
    };
    const columns = schema.columns
      .filter(({ name }) => !shard.lacks?.includes(name))
      .map(({ name, type }) => `(${values[name] ?? 'i % 100'})::${SQL_TYPES[type]} AS "${name}"`);
    const sql = `SELECT ${columns.join(', ')} FROM range(${shard.rows}) t(i)`;
    await connection.run(`COPY (${sql}) TO '${path.replaceAll("'", "''")}' (FORMAT parquet)`);
  }
  connection.closeSync();
  instance.closeSync();
}

/** Writes an object of any kind. */
export function writeText(folder: string, key: string, text: string): void {
  mkdirSync(dirname(join(folder, key)), { recursive: true });
  writeFileSync(join(folder, key), text);
}
