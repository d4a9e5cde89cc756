import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { ArchiveZip } from './corpus.ts';
import { unzip } from './peer-pipeline.ts';

type Columns = Readonly<Record<string, string>>;

const CSV = [
  'open_time BIGINT',
  ...['open', 'high', 'low', 'close', 'volume'].map((name) => `${name} DOUBLE`),
  'close_time BIGINT',
  'quote_volume DOUBLE',
  'trades BIGINT',
  'taker_buy_volume DOUBLE',
  'taker_buy_quote_volume DOUBLE',
  'ignore VARCHAR',
].map((column) => column.split(' ') as [string, string]);

const over = (length: number) => `OVER w${length}`;
const lag = (name: string, by = 1) => `lag(${name}, ${by}) OVER series`;
const each = (numbers: readonly number[], column: (n: number) => readonly [string, string]): Columns =>
  Object.fromEntries(numbers.map(column));

const GARMAN_KLASS = 'ln(high / low) ** 2 / 2 - (2 * ln(2) - 1) * ln(close / open) ** 2';
/** Changes over so many candles, and the length of their mean. */
const KST = [
  [10, 10],
  [15, 10],
  [20, 10],
  [30, 15],
] as const;

/** The columns of the feature table that window functions express, stage by stage: a stage reads those before it. */
const STAGES: readonly Columns[] = [
  {
    return_1: `close / ${lag('close')} - 1`,
    log_return_1: `ln(close / ${lag('close')})`,
    trange: `greatest(high, ${lag('close')}) - least(low, ${lag('close')})`,
    typical: '(high + low + close) / 3',
    ...each([2, 3, 5, 10, 15, 30], (n) => [`return_${n}`, `close / ${lag('close', n)} - 1`]),
    ...each([5, 10, 15, 20, 30], (n) => [`roc_${n}`, `100 * (close / ${lag('close', n)} - 1)`]),
    mom_10: `close - ${lag('close', 10)}`,
    ...each([7, 20, 50, 100, 200], (n) => [`sma_${n}`, `avg(close) ${over(n)}`]),
    stddev_20: `stddev_pop(close) ${over(20)}`,
    ...each([20, 50], (n) => [`zscore_${n}`, `(close - avg(close) ${over(n)}) / stddev_samp(close) ${over(n)}`]),
    donchian_20_upper: `max(high) ${over(20)}`,
    donchian_20_lower: `min(low) ${over(20)}`,
    ichimoku_9_26_52_tenkan: `(max(high) ${over(9)} + min(low) ${over(9)}) / 2`,
    ichimoku_9_26_52_kijun: `(max(high) ${over(26)} + min(low) ${over(26)}) / 2`,
    ichimoku_9_26_52_span_b: `(max(high) ${over(52)} + min(low) ${over(52)}) / 2`,
    linearreg_slope_14: `regr_slope(close, row) ${over(14)}`,
    linearreg_14: `regr_intercept(close, row) ${over(14)} + row * regr_slope(close, row) ${over(14)}`,
    willr_14: `-100 * (max(high) ${over(14)} - close) / (max(high) ${over(14)} - min(low) ${over(14)})`,
    stoch_raw: `100 * (close - min(low) ${over(14)}) / (max(high) ${over(14)} - min(low) ${over(14)})`,
    ao_5_34: `avg((high + low) / 2) ${over(5)} - avg((high + low) / 2) ${over(34)}`,
    bop: '(close - open) / (high - low)',
    body_ratio: 'abs(close - open) / (high - low)',
    upper_shadow_ratio: '(high - greatest(open, close)) / (high - low)',
    lower_shadow_ratio: '(least(open, close) - low) / (high - low)',
    range_ratio: '(high - low) / close',
    gap_open: `open / ${lag('close')} - 1`,
    candle_return: `round(100 * (close / ${lag('close')} - 1), 2)`,
    parkinson_20: `sqrt(avg(ln(high / low) ** 2 / (4 * ln(2))) ${over(20)})`,
    garman_klass_20: `sqrt(greatest(0, avg(${GARMAN_KLASS}) ${over(20)}))`,
    obv_step: `coalesce(sign(close - ${lag('close')}), 1) * volume`,
    delta_volume: '2 * taker_buy_volume - volume',
    taker_ratio: 'taker_buy_volume / volume',
    trade_size: 'volume / trades',
    volume_sma_20: `avg(volume) ${over(20)}`,
    vwma_20: `sum(close * volume) ${over(20)} / sum(volume) ${over(20)}`,
    cmf_20: `sum((2 * close - high - low) / (high - low) * volume) ${over(20)} / sum(volume) ${over(20)}`,
    volume_mean_1d: 'avg(volume) OVER d1',
    volume_std_1d: 'stddev_samp(volume) OVER d1',
    ...each([1, 2, 7], (n) => [
      `near_top_${n}d`,
      `(close < max(high) OVER d${n} AND close >= 0.997 * max(high) OVER d${n})::TINYINT`,
    ]),
    ...each([1, 2, 7], (n) => [
      `near_bottom_${n}d`,
      `(close > min(low) OVER d${n} AND close <= 1.003 * min(low) OVER d${n})::TINYINT`,
    ]),
    hour_sin: 'sin(2 * pi() * hour / 24)',
    hour_cos: 'cos(2 * pi() * hour / 24)',
    weekday_sin: 'sin(2 * pi() * weekday / 7)',
    weekday_cos: 'cos(2 * pi() * weekday / 7)',
    is_weekend: '(weekday >= 5)::TINYINT',
    session: '(hour // 8)::TINYINT',
  },
  {
    ...each([1, 2, 3, 4, 5], (n) => [`return_1_lag_${n}`, lag('return_1', n)]),
    ...each([20, 96], (n) => [`realized_vol_${n}`, `stddev_samp(log_return_1) ${over(n)}`]),
    stoch_14_3_3_k: `avg(stoch_raw) ${over(3)}`,
    bbands_20_2_upper: 'sma_20 + 2 * stddev_20',
    bbands_20_2_middle: 'sma_20',
    bbands_20_2_lower: 'sma_20 - 2 * stddev_20',
    bbands_20_2_width: '4 * stddev_20 / sma_20',
    bbands_20_2_percent: '(close - (sma_20 - 2 * stddev_20)) / (4 * stddev_20)',
    donchian_20_middle: '(donchian_20_upper + donchian_20_lower) / 2',
    ichimoku_9_26_52_span_a: '(ichimoku_9_26_52_tenkan + ichimoku_9_26_52_kijun) / 2',
    ...each([50, 200], (n) => [`close_sma_${n}_ratio`, `close / sma_${n} - 1`]),
    vortex_14_plus: `sum(abs(high - last_low)) ${over(14)} / sum(trange) ${over(14)}`,
    vortex_14_minus: `sum(abs(low - last_high)) ${over(14)} / sum(trange) ${over(14)}`,
    vwap_day: 'sum(typical * volume) OVER day / sum(volume) OVER day',
    kst: KST.map(([n, length], i) => `${i + 1} * avg(roc_${n}) ${over(length)}`).join(' + '),
    obv: 'sum(obv_step) OVER series',
    cvd: 'sum(delta_volume) OVER series',
    volume_ratio_20: 'volume / volume_sma_20',
    amihud_20: `avg(abs(log_return_1) / quote_volume) ${over(20)}`,
    ulcer_step: `(100 * (close / max(close) ${over(14)} - 1)) ** 2`,
    skew_50: `skewness(log_return_1) ${over(50)}`,
    kurtosis_50: `kurtosis(log_return_1) ${over(50)}`,
    taker_ratio_mean_2d: 'avg(taker_ratio) OVER d2',
    taker_ratio_std_2d: 'stddev_samp(taker_ratio) OVER d2',
    volatility_7d: 'stddev_samp(return_1) OVER d7',
  },
  {
    stoch_14_3_3_d: `avg(stoch_14_3_3_k) ${over(3)}`,
    kst_signal: `avg(kst) ${over(9)}`,
    ulcer_14: `sqrt(avg(ulcer_step) ${over(14)})`,
    close_vwap_day_ratio: 'close / vwap_day - 1',
    taker_ratio_zscore_2d: '(taker_ratio - taker_ratio_mean_2d) / taker_ratio_std_2d',
  },
];
const HELPERS: ReadonlySet<string> = new Set(['typical', 'stoch_raw', 'obv_step', 'ulcer_step', 'roc_15', 'roc_30']);
const WIDE: ReadonlySet<string> = new Set(['obv', 'cvd']);

const LABELS: Columns = {
  ...each([1, 5, 15, 60], (n) => [`fwd_return_${n}`, `lead(close, ${n}) OVER series / close - 1`]),
  trend_up_15: '(lead(close, 15) OVER series / close - 1 > 0)::TINYINT',
};

const FEATURES = STAGES.flatMap((stage) => Object.keys(stage)).filter((name) => !HELPERS.has(name));
export const DUCKDB_COLUMNS = FEATURES.length + Object.keys(LABELS).length;

/**
 * The pipeline as one writes it in DuckDB: `read_csv`, window functions for the columns that SQL expresses, `COPY`.
 * Averages that remember (EMA, Wilder), candle patterns and the labels of barriers have no window function. It has as
 * many threads as it takes.
 * @param days the number of candles in a day
 */
export async function duckdbPipeline(zips: readonly ArchiveZip[], days: number, folder: string): Promise<void> {
  const paths: string[] = [];
  let header = false;
  for (const { bytes, name } of zips) {
    const csv = unzip(bytes);
    header = csv.startsWith('open_time');
    const path = join(folder, `${name}.csv`);
    await writeFile(path, csv, 'latin1');
    paths.push(path);
  }
  const database = await (await DuckDBInstance.create(':memory:')).connect();
  try {
    const columns = CSV.map(([name, type]) => `'${name}': '${type}'`).join(', ');
    const files = paths.map((path) => `'${path}'`).join(', ');
    await database.run(`CREATE TABLE candles AS SELECT * EXCLUDE ("ignore"), row_number() OVER () AS row,
      lag(low) OVER (ORDER BY open_time) AS last_low, lag(high) OVER (ORDER BY open_time) AS last_high,
      (open_time // 3600000) % 24 AS hour, (open_time // 86400000 + 3) % 7 AS weekday, open_time // 86400000 AS date
      FROM read_csv([${files}], header = ${header}, columns = {${columns}})`);
    const windows = windowClause(days);
    const stages = STAGES.map((stage, i) => {
      const from = i === 0 ? 'candles' : `stage_${i - 1}`;
      const made = Object.entries(stage).map(([name, sql]) => `${sql} AS ${name}`);
      return `stage_${i} AS (SELECT *, ${made.join(', ')} FROM ${from} ${windows})`;
    });
    const stored = FEATURES.map((name) =>
      WIDE.has(name) || /^(near_|is_weekend|session)/.test(name) ? name : `${name}::FLOAT AS ${name}`,
    );
    const copy = (query: string, table: string, options: string) =>
      database.run(`COPY (${query}) TO '${join(folder, table)}.parquet' (FORMAT parquet, ${options})`);
    const candles = CSV.map(([name]) => name).filter((name) => name !== 'ignore');
    await copy(`SELECT ${candles.join(', ')} FROM candles`, 'candles', 'COMPRESSION zstd, COMPRESSION_LEVEL 1');
    await copy(
      `WITH ${stages.join(', ')} SELECT open_time, ${stored.join(', ')} FROM stage_${STAGES.length - 1}`,
      'features',
      'COMPRESSION snappy',
    );
    const labels = Object.entries(LABELS).map(([name, sql]) => `${sql} AS ${name}`);
    await copy(`SELECT open_time, ${labels.join(', ')} FROM candles ${windows}`, 'labels', 'COMPRESSION snappy');
  } finally {
    database.closeSync();
  }
}

/** Names the windows: `w20` has 20 candles, `d7` has 7 days of them, `day` is the UTC day so far. */
function windowClause(days: number): string {
  const rows = (length: number) => `(ORDER BY open_time ROWS BETWEEN ${length - 1} PRECEDING AND CURRENT ROW)`;
  const lengths = [3, 5, 7, 9, 10, 14, 15, 20, 26, 34, 50, 52, 96, 100, 200];
  return `WINDOW series AS (ORDER BY open_time), day AS (PARTITION BY date ORDER BY open_time), ${[
    ...lengths.map((n) => `w${n} AS ${rows(n)}`),
    ...[1, 2, 7].map((n) => `d${n} AS ${rows(n * days)}`),
  ].join(', ')}`;
}
