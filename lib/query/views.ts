import { CANDLES_SCHEMA, PARTITION_COLUMNS, type TableSchema } from '../domain/table-schema.ts';
import type { FeatureRow, FeatureSet } from '../features/feature-row.ts';
import { FEATURES_SCHEMA } from '../features/schema.ts';
import { TABLE } from '../features/table.ts';
import { LABELS_SCHEMA } from '../labels/schema.ts';

/** A view as data: its name, what it is for, and the SQL behind it in each engine's dialect. */
export interface View {
  readonly name: string;
  readonly about: string;
  readonly duckdb: string;
  /** Trino, as Athena speaks it. Ends without a semicolon; to stand after `CREATE OR REPLACE VIEW <name> AS`. */
  readonly athena: string;
}

/** Tables with one Parquet object a shard, partitioned by market, symbol, interval and period. */
export const PARQUET_TABLES: readonly TableSchema[] = [CANDLES_SCHEMA, FEATURES_SCHEMA, LABELS_SCHEMA];

/**
 * The raw table behind `runs`. For DuckDB: one row a report, one column a field, of these types. For Athena: one column
 * `line`, since a Hive table over `runs/` sees every object below it, plans and all.
 */
export const RUN_REPORTS = {
  name: 'run_reports',
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

/** The columns of `runs`: name, DuckDB, Athena. */
const RUNS_COLUMNS: readonly (readonly [name: string, duckdb: string, athena: string])[] = [
  ['run_id', '"runId"', field('runId')],
  ['complete', 'complete', `CAST(${field('complete')} AS boolean)`],
  ['summary', 'summary', field('summary')],
  ['range_from', duckdbTime('fromMs'), athenaTime('fromMs')],
  ['range_to', duckdbTime('toMs'), athenaTime('toMs')],
  ['as_of', duckdbTime('asOfMs'), athenaTime('asOfMs')],
  ['finished_at', duckdbTime('finishedAtMs'), athenaTime('finishedAtMs')],
  ['series', 'len(series)', `json_array_length(json_extract(line, '$.series'))`],
  ['wanted_candles', duckdbSum('wantedCandles'), athenaSum('wantedCandles')],
  ['candles', duckdbSum('candles'), athenaSum('candles')],
  ['failures', 'len(failures)', `json_array_length(json_extract(line, '$.failures'))`],
  ['fetched_chunks', '"fetchedChunks"', athenaInteger('fetchedChunks')],
  ['recomputed_shards', '"recomputedShards"', athenaInteger('recomputedShards')],
  ['partitions_added', '"partitionsAdded"', athenaInteger('partitionsAdded')],
  ['requests', 'totals.requests', athenaInteger('totals.requests')],
  ['rest_weight', 'totals."restWeight"', athenaInteger('totals.restWeight')],
  ['download_bytes', 'totals."downloadBytes"', athenaInteger('totals.downloadBytes')],
];

/** One row a run that came to its end. */
export const RUNS: View = {
  name: 'runs',
  about: 'one row a run: what was asked, what came of it, what it cost in requests',
  duckdb: `SELECT ${RUNS_COLUMNS.map(([name, sql]) => `${sql} AS ${name}`).join(', ')} FROM ${RUN_REPORTS.name}`,
  athena:
    `SELECT ${RUNS_COLUMNS.map(([name, , sql]) => `${sql} AS ${name}`).join(', ')} ` +
    `FROM ${RUN_REPORTS.name} WHERE "$path" LIKE '%/report.json'`,
};

/**
 * Candles, features and labels side by side: a row for each candle that has features; `known_at` is when candle and
 * features were known, `label_known_at` when the label's outcome was (null, as the labels are, where it is still open).
 */
export const DATASET: View = {
  name: 'dataset',
  about: 'candles, features and labels joined; known_at is of candle and features, label_known_at of the label',
  duckdb: datasetSql(),
  athena: datasetSql(),
};

/** Kinds of model that have a view of their own. */
const SETS: readonly FeatureSet[] = ['xgboost', 'mlp', 'lstm'];

/**
 * One view a kind of model: its features, the label `signal` with when it ends, and its weight. A label joins the
 * features of its own open time only, and only where those were known by the close of that candle, from which the label
 * is measured: a feature row that was known later, however it came to be there, is never trained on.
 */
export const TRAINING_VIEWS: readonly View[] = SETS.map((set) => ({
  name: `ml_${set}`,
  about: `the features for ${set} with the label signal, t1 and weight (uniqueness), decided rows only`,
  duckdb: trainingSql(set),
  athena: trainingSql(set),
}));

export const VIEWS: readonly View[] = [RUNS, DATASET, ...TRAINING_VIEWS];

function trainingSql(set: FeatureSet): string {
  const rows: readonly FeatureRow[] = TABLE;
  const names = new Set(
    rows.flatMap(({ columns }) => columns.filter(({ sets }) => sets.includes(set)).map(({ name }) => name)),
  );
  const columns = [
    ...PARTITION_COLUMNS.map((name) => `f."${name}"`),
    'f.open_time',
    'f.known_at',
    ...FEATURES_SCHEMA.columns.filter(({ name }) => names.has(name)).map(({ name }) => `f."${name}"`),
    'l.signal',
    'l.signal_t1 AS t1',
    'l.uniqueness AS weight',
    'l.known_at AS label_known_at',
  ];
  return (
    `SELECT ${columns.join(', ')} FROM features f ` +
    `JOIN labels l ON ${sameRow('f', 'l')} JOIN candles c ON ${sameRow('f', 'c')} ` +
    'WHERE l.signal IS NOT NULL AND f.known_at <= c.known_at AND l.signal_t1 > c.known_at'
  );
}

/** The period is implied by the rest, but only engines that are told so read one shard against one shard. */
function sameRow(left: string, right: string): string {
  return ['open_time', ...PARTITION_COLUMNS].map((key) => `${left}."${key}" = ${right}."${key}"`).join(' AND ');
}

function datasetSql(): string {
  const without = (schema: TableSchema, names: readonly string[]) =>
    schema.columns.map(({ name }) => name).filter((name) => !names.includes(name));
  const columns = [
    'c.open_time',
    'f.known_at',
    ...without(CANDLES_SCHEMA, ['open_time', 'known_at']).map((name) => `c."${name}"`),
    ...without(FEATURES_SCHEMA, ['open_time', 'known_at']).map((name) => `f."${name}"`),
    ...without(LABELS_SCHEMA, ['open_time', 'known_at']).map((name) => `l."${name}"`),
    'l.known_at AS label_known_at',
    ...PARTITION_COLUMNS.map((name) => `c."${name}"`),
  ];
  return (
    `SELECT ${columns.join(', ')} FROM candles c ` +
    `JOIN features f ON ${sameRow('c', 'f')} LEFT JOIN labels l ON ${sameRow('c', 'l')}`
  );
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
