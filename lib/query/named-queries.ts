import { literal } from './gap-queries.ts';

/** The literals of the named queries. Users edit them. */
export interface QueryLiterals {
  readonly market: string;
  /** Names, or `all` alone for every symbol of the market. */
  readonly symbols: readonly string[];
  readonly interval: string;
}

/** A question that is kept in the Athena workgroup. */
export interface NamedQuery {
  /** In words joined by hyphens; the query's id in tests and in the stack. */
  readonly name: string;
  readonly description: string;
  /** Trino, as Athena speaks it, without a semicolon. DuckDB understands it as well. */
  readonly sql: string;
}

/** Conditions of a WHERE. `of` is the alias of the table with its point, such as `c.`; without one it is empty. */
interface Conditions {
  inMarket(of?: string): string;
  /** Begins with AND; empty for every symbol of the market. */
  inList(of?: string): string;
  /** The market and the interval. */
  ofMarket(of?: string): string;
  /** The market, the interval and the symbols. */
  ofSeries(of?: string): string;
  /** The open time of the newest candle of these series. */
  newest(): string;
}

interface QueryRow extends Omit<NamedQuery, 'sql'> {
  /** Returns the lines of the SQL. */
  readonly sql: (where: Conditions) => readonly string[];
}

/**
 * The queries for the first day. Each query is complete and holds its parameters as literals in its WHERE, so
 * that Athena reads only the partitions that are asked for, and nothing depends on the clock: spans are counted back
 * from the newest candle there is. The queries about the newest rows find the newest period first, which reads no
 * column of any file, and join by it: of the table on the left of a join, Trino reads only the partitions that the
 * right leaves.
 */
const QUERIES: readonly QueryRow[] = [
  {
    name: 'latest-features',
    description: 'The newest row of features of each symbol of the watch list',
    sql: (where) => [
      'WITH newest AS (',
      `  SELECT symbol, max(period) AS period FROM features WHERE ${where.ofSeries()} GROUP BY symbol`,
      '), numbered AS (',
      '  SELECT f.symbol, f.open_time, f.known_at, f.return_1, f.ema_20, f.rsi_14, f.macd_12_26_9_hist, f.atr_14,',
      '    row_number() OVER (PARTITION BY f.symbol ORDER BY f.open_time DESC) AS age',
      '  FROM features f',
      '  JOIN newest n ON f.symbol = n.symbol AND f.period = n.period',
      `  WHERE ${where.ofSeries('f.')}`,
      ')',
      'SELECT symbol, open_time, known_at, return_1, ema_20, rsi_14, macd_12_26_9_hist, atr_14',
      'FROM numbered',
      'WHERE age = 1',
      'ORDER BY symbol',
    ],
  },
  {
    name: 'gaps',
    description: 'Every interval that is no candle, or one that not all sources have alike: why, and by what evidence',
    sql: (where) => [
      'SELECT market, symbol, "interval", from_time, to_time, class, intervals, candles, known_at, evidence',
      'FROM gaps',
      `WHERE ${where.ofSeries()}`,
      'ORDER BY symbol, from_time',
    ],
  },
  {
    name: 'hourly-resample',
    description: 'Candles of an hour made from finer ones of the last 30 days; candles says how many went into each',
    sql: (where) => [
      `SELECT market, symbol, date_trunc('hour', open_time) AS open_time,`,
      '  min_by(open, open_time) AS open, max(high) AS high, min(low) AS low, max_by(close, open_time) AS close,',
      '  sum(volume) AS volume, sum(quote_volume) AS quote_volume, sum(trades) AS trades,',
      '  sum(taker_buy_volume) AS taker_buy_volume, sum(taker_buy_quote_volume) AS taker_buy_quote_volume,',
      '  max(known_at) AS known_at, count(*) AS candles',
      'FROM candles',
      `WHERE ${where.ofSeries()}`,
      `  AND open_time >= ${where.newest()} - INTERVAL '30' DAY`,
      `GROUP BY market, symbol, date_trunc('hour', open_time)`,
      `ORDER BY symbol, date_trunc('hour', open_time)`,
    ],
  },
  {
    name: 'cross-section',
    description: 'The whole market at one instant, ranked by the return of the candle before it; the newest by default',
    sql: (where) => [
      'WITH newest AS (',
      `  SELECT max(period) AS period FROM candles WHERE ${where.ofMarket()}`,
      '), instant AS (',
      '  SELECT max(c.open_time) AS open_time, max(c.period) AS period',
      `  FROM candles c JOIN newest n ON c.period = n.period WHERE ${where.ofMarket('c.')}`,
      `  -- or one of your own: SELECT TIMESTAMP '2024-07-01 00:00:00' AS open_time, '2024' AS period`,
      '), at_instant AS (',
      '  SELECT c.symbol, c.open_time, c.period, c.close, c.quote_volume',
      '  FROM candles c JOIN instant i ON c.open_time = i.open_time AND c.period = i.period',
      `  WHERE ${where.ofMarket('c.')}`,
      ')',
      'SELECT c.symbol, c.open_time, c.close, c.quote_volume,',
      '  f.return_1, f.rsi_14, f.atr_14 / c.close AS atr_of_close,',
      '  rank() OVER (ORDER BY f.return_1 DESC) AS return_rank',
      'FROM features f',
      'JOIN at_instant c ON f.open_time = c.open_time AND f.symbol = c.symbol AND f.period = c.period',
      `WHERE ${where.ofMarket('f.')}`,
      'ORDER BY return_rank, c.symbol',
    ],
  },
  {
    name: 'label-balance',
    description: 'How often each signal occurs, how long it lasts and what it brings, by series',
    sql: (where) => [
      'SELECT market, symbol, "interval", signal, count(*) AS row_count,',
      '  CAST(count(*) AS double) / sum(count(*)) OVER (PARTITION BY market, symbol, "interval") AS share,',
      '  avg(signal_bars) AS mean_bars, avg(signal_return) AS mean_return, sum(uniqueness) AS weight',
      'FROM labels',
      `WHERE ${where.ofSeries()}`,
      '  AND signal IS NOT NULL',
      'GROUP BY market, symbol, "interval", signal',
      'ORDER BY symbol, signal',
    ],
  },
  {
    name: 'coverage',
    description: 'What the lake holds: candles, first, last and how many are missing, by series and period',
    sql: (where) => [
      'SELECT market, symbol, "interval", period, count(*) AS candles,',
      '  min(open_time) AS first_open_time, max(open_time) AS last_open_time, sum(gap_before) AS missing',
      'FROM candles',
      `WHERE ${where.inMarket()}`,
      'GROUP BY market, symbol, "interval", period',
      'ORDER BY market, symbol, "interval", period',
    ],
  },
  {
    name: 'funding-as-of',
    description: 'Candles and features of the last 30 days with the funding that was known at their close',
    sql: (where) => [
      'WITH settled AS (',
      '  SELECT symbol, funding_rate, mark_price, funding_time, known_at,',
      '    lead(known_at) OVER (PARTITION BY symbol ORDER BY known_at, scheduled_time) AS replaced_at',
      '  FROM funding',
      `  WHERE ${where.inMarket()}${where.inList()}`,
      ')',
      'SELECT c.symbol, c.open_time, c.known_at, c.close, f.return_1, s.funding_rate, s.funding_time,',
      '  s.known_at AS funding_known_at',
      'FROM candles c',
      'JOIN features f ON f.open_time = c.open_time AND f.market = c.market AND f.symbol = c.symbol',
      '  AND f."interval" = c."interval" AND f.period = c.period',
      'LEFT JOIN settled s ON s.symbol = c.symbol AND s.known_at <= c.known_at',
      '  AND (s.replaced_at IS NULL OR s.replaced_at > c.known_at)',
      `WHERE ${where.ofSeries('c.')} AND ${where.ofSeries('f.')}`,
      `  AND c.open_time >= ${where.newest()} - INTERVAL '30' DAY`,
      'ORDER BY c.symbol, c.open_time',
    ],
  },
  {
    name: 'dataset-for-a-model',
    description:
      'Features, label, its end and weight for gradient boosting, decided rows of 365 days; or ml_mlp, ml_lstm',
    sql: (where) => [
      'SELECT *',
      'FROM ml_xgboost',
      `WHERE ${where.ofSeries()}`,
      `  AND open_time >= ${where.newest()} - INTERVAL '365' DAY`,
      'ORDER BY symbol, open_time',
    ],
  },
];

/** Returns the named queries with these literals. */
export function namedQueries(literals: QueryLiterals): readonly NamedQuery[] {
  const where = conditionsOf(literals);
  return QUERIES.map(({ sql, ...row }) => ({ ...row, sql: sql(where).join('\n') }));
}

function conditionsOf({ market, symbols, interval }: QueryLiterals): Conditions {
  const inMarket = (of = '') => `${of}market = ${literal(market)}`;
  const inList = (of = '') =>
    symbols.includes('all') ? '' : ` AND ${of}symbol IN (${symbols.map(literal).join(', ')})`;
  const ofMarket = (of = '') => `${inMarket(of)} AND ${of}"interval" = ${literal(interval)}`;
  const ofSeries = (of = '') => `${ofMarket(of)}${inList(of)}`;
  const newest = () => `(SELECT max(open_time) FROM candles WHERE ${ofSeries()})`;
  return { inMarket, inList, ofMarket, ofSeries, newest };
}
