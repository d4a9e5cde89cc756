import { STREAM_TABLE } from '../domain/stream-table.ts';
import {
  CANDLES_SCHEMA,
  type ColumnType,
  GAPS_SCHEMA,
  PARTITION_COLUMNS,
  type TableSchema,
} from '../domain/table-schema.ts';
import type { FeatureRow, FeatureSet } from '../features/feature-row.ts';
import { FEATURES_SCHEMA } from '../features/schema.ts';
import { TABLE } from '../features/table.ts';
import { LABELS_SCHEMA } from '../labels/schema.ts';
import { TRAINING_SETS } from './contract.ts';

/** Trino's names of the types that the views' columns have. */
export type TrinoType = 'bigint' | 'boolean' | 'double' | 'integer' | 'real' | 'timestamp(3)' | 'tinyint' | 'varchar';

interface ViewColumn {
  readonly name: string;
  readonly type: TrinoType;
}

/** A view as data: its name, what it is for, its columns, and the SQL behind it in each engine's dialect. */
export interface View {
  readonly name: string;
  readonly about: string;
  /** In the order of the SELECT, with the types that Trino gives them: Athena refuses a view that says otherwise. */
  readonly columns: readonly ViewColumn[];
  readonly duckdb: string;
  /** Trino, as Athena speaks it. Ends without a semicolon; to stand after `CREATE OR REPLACE VIEW <name> AS`. */
  readonly athena: string;
}

const TRINO_TYPE: Readonly<Record<ColumnType, TrinoType>> = {
  timestamp: 'timestamp(3)',
  float64: 'double',
  float32: 'real',
  int32: 'integer',
  int8: 'tinyint',
  string: 'varchar',
};

/**
 * Tables with one Parquet object a shard: those of the candles, partitioned by market, symbol, interval and period, and
 * the streams.
 */
export const PARQUET_TABLES: readonly TableSchema[] = [
  CANDLES_SCHEMA,
  FEATURES_SCHEMA,
  LABELS_SCHEMA,
  GAPS_SCHEMA,
  ...Object.values(STREAM_TABLE).map(({ schema }) => schema),
];

/**
 * The raw table behind `runs`. For DuckDB: one row a report, one column a field, of these types. For Athena: one column
 * `line`, the whole report, and the day of the run, by which it is partitioned.
 */
export const RUN_REPORTS = {
  name: 'run_reports',
  athenaColumn: 'line',
  athenaPartition: 'day',
  duckdbColumns: {
    runId: 'VARCHAR',
    complete: 'BOOLEAN',
    summary: 'VARCHAR',
    asOfMs: 'BIGINT',
    finishedAtMs: 'BIGINT',
    fromMs: 'BIGINT',
    toMs: 'BIGINT',
    totals: 'STRUCT(requests BIGINT, "restWeight" BIGINT, "downloadBytes" BIGINT)',
    fetchedChunks: 'BIGINT',
    failures: 'STRUCT(name VARCHAR)[]',
    recomputedShards: 'BIGINT',
    partitionsAdded: 'BIGINT',
    series: 'STRUCT("wantedCandles" BIGINT, candles BIGINT)[]',
  },
} as const;

/** The columns of `runs`: name, type, DuckDB, Athena. */
const RUNS_COLUMNS: readonly (readonly [name: string, type: TrinoType, duckdb: string, athena: string])[] = [
  ['run_id', 'varchar', '"runId"', field('runId')],
  ['complete', 'boolean', 'complete', `CAST(${field('complete')} AS boolean)`],
  ['summary', 'varchar', 'summary', field('summary')],
  ['range_from', 'timestamp(3)', duckdbTime('fromMs'), athenaTime('fromMs')],
  ['range_to', 'timestamp(3)', duckdbTime('toMs'), athenaTime('toMs')],
  ['as_of', 'timestamp(3)', duckdbTime('asOfMs'), athenaTime('asOfMs')],
  ['finished_at', 'timestamp(3)', duckdbTime('finishedAtMs'), athenaTime('finishedAtMs')],
  ['series', 'bigint', 'len(series)', `json_array_length(json_extract(line, '$.series'))`],
  ['wanted_candles', 'bigint', duckdbSum('wantedCandles'), athenaSum('wantedCandles')],
  ['candles', 'bigint', duckdbSum('candles'), athenaSum('candles')],
  ['failures', 'bigint', 'len(failures)', `json_array_length(json_extract(line, '$.failures'))`],
  ['fetched_chunks', 'bigint', '"fetchedChunks"', athenaInteger('fetchedChunks')],
  ['recomputed_shards', 'bigint', '"recomputedShards"', athenaInteger('recomputedShards')],
  ['partitions_added', 'bigint', '"partitionsAdded"', athenaInteger('partitionsAdded')],
  ['requests', 'bigint', 'totals.requests', athenaInteger('totals.requests')],
  ['rest_weight', 'bigint', 'totals."restWeight"', athenaInteger('totals.restWeight')],
  ['download_bytes', 'bigint', 'totals."downloadBytes"', athenaInteger('totals.downloadBytes')],
  ['day', 'varchar', `strftime(${duckdbTime('asOfMs')}, '%Y-%m-%d')`, 'day'],
];

/** One row a run that came to its end. */
export const RUNS: View = {
  name: 'runs',
  about: 'one row a run: what was asked, what came of it, what it cost in requests; day is the partition, UTC',
  columns: RUNS_COLUMNS.map(([name, type]) => ({ name, type })),
  duckdb: `SELECT ${RUNS_COLUMNS.map(([name, , sql]) => `${sql} AS ${name}`).join(', ')} FROM ${RUN_REPORTS.name}`,
  athena: `SELECT ${RUNS_COLUMNS.map(([name, , , sql]) => `${sql} AS ${name}`).join(', ')} FROM ${RUN_REPORTS.name}`,
};

/** A column of a view: the table it is of (by the letter that the SELECT gives it), its name there and in the view. */
interface Taken {
  readonly from: 'c' | 'f' | 'l';
  readonly column: string;
  readonly as: string;
}

const SCHEMAS = { c: CANDLES_SCHEMA, f: FEATURES_SCHEMA, l: LABELS_SCHEMA } as const;

/**
 * Candles, features and labels side by side: a row for each candle that has features; `known_at` is when candle and
 * features were known, `label_known_at` when the label's outcome was (null, like the labels, while it is open).
 */
const DATASET: View = {
  name: 'dataset',
  about: 'candles, features and labels joined; known_at is of candle and features, label_known_at of the label',
  ...inBoth(
    [
      take('c', 'open_time'),
      take('f', 'known_at'),
      ...takeRest('c'),
      ...takeRest('f'),
      ...takeRest('l'),
      take('l', 'known_at', 'label_known_at'),
      ...PARTITION_COLUMNS.map((name) => take('c', name)),
    ],
    `candles c JOIN features f ON ${sameRow('c', 'f')} LEFT JOIN labels l ON ${sameRow('c', 'l')}`,
  ),
};

/**
 * One view a kind of model: its features, the label `signal` with when it ends, and its weight. A label joins the
 * features of its own open time only, and only if those were known by the close of that candle, from which the label
 * is measured: a feature row that was known later, however it came to be there, is never trained on.
 */
export const TRAINING_VIEWS: readonly View[] = TRAINING_SETS.map((set) => ({
  name: `ml_${set}`,
  about: `the features for ${set} with the label signal, t1 and weight (uniqueness), decided rows only`,
  ...trainingView(set),
}));

export const VIEWS: readonly View[] = [RUNS, DATASET, ...TRAINING_VIEWS];

function trainingView(set: FeatureSet) {
  const rows: readonly FeatureRow[] = TABLE;
  const names = new Set(
    rows.flatMap(({ columns }) => columns.filter(({ sets }) => sets.includes(set)).map(({ name }) => name)),
  );
  return inBoth(
    [
      ...PARTITION_COLUMNS.map((name) => take('f', name)),
      take('f', 'open_time'),
      take('f', 'known_at'),
      ...takeRest('f').filter(({ column }) => names.has(column)),
      take('l', 'signal'),
      take('l', 'signal_t1', 't1'),
      take('l', 'uniqueness', 'weight'),
      take('l', 'known_at', 'label_known_at'),
    ],
    `features f JOIN labels l ON ${sameRow('f', 'l')} JOIN candles c ON ${sameRow('f', 'c')} ` +
      'WHERE l.signal IS NOT NULL AND f.known_at <= c.known_at AND l.signal_t1 > c.known_at',
  );
}

function take(from: Taken['from'], column: string, as = column): Taken {
  return { from, column, as };
}

/** All columns of a table but its times. */
function takeRest(from: Taken['from']): Taken[] {
  const names = SCHEMAS[from].columns.map(({ name }) => name);
  return names.filter((name) => name !== 'open_time' && name !== 'known_at').map((name) => take(from, name));
}

/** A SELECT that means the same to both engines, and its columns. */
function inBoth(taken: readonly Taken[], from: string): Pick<View, 'columns' | 'duckdb' | 'athena'> {
  const columns = taken.map(({ from: letter, column, as }): ViewColumn => {
    // Partition columns are in no schema: they are text.
    const type = SCHEMAS[letter].columns.find(({ name }) => name === column)?.type ?? 'string';
    return { name: as, type: TRINO_TYPE[type] };
  });
  const listed = taken.map(({ from: letter, column, as }) =>
    column === as ? `${letter}."${column}"` : `${letter}."${column}" AS ${as}`,
  );
  const sql = `SELECT ${listed.join(', ')} FROM ${from}`;
  return { columns, duckdb: sql, athena: sql };
}

/** The period is implied by the rest, but only engines that are told so read one shard against one shard. */
function sameRow(left: string, right: string): string {
  return ['open_time', ...PARTITION_COLUMNS].map((key) => `${left}."${key}" = ${right}."${key}"`).join(' AND ');
}

function field(name: string): string {
  return `json_extract_scalar(line, '$.${name}')`;
}

function athenaInteger(name: string): string {
  return `CAST(${field(name)} AS bigint)`;
}

function athenaTime(name: string): string {
  return `CAST(from_unixtime(CAST(${field(name)} AS double) / 1000) AT TIME ZONE 'UTC' AS timestamp(3))`;
}

function athenaSum(name: string): string {
  return (
    `reduce(CAST(json_extract(line, '$.series') AS array(json)), CAST(0 AS bigint), ` +
    `(total, one) -> total + CAST(json_extract_scalar(one, '$.${name}') AS bigint), total -> total)`
  );
}

function duckdbTime(name: string): string {
  return `to_timestamp("${name}" / 1000.0)`;
}

function duckdbSum(name: string): string {
  return `coalesce(list_sum([one."${name}" for one in series]), 0)::BIGINT`;
}
