import type { GapClass } from '../domain/gap-class.ts';
import { MARKETS } from '../domain/market.ts';
import type { SeriesFilter } from '../domain/series-filter.ts';

/** The wanted part of the ledger. A field that is left out does not narrow it. */
export interface GapsWanted extends SeriesFilter {
  readonly classes?: readonly GapClass[];
  /** Rows that have a part of `[fromMs, toMs)`. */
  readonly fromMs?: number;
  readonly toMs?: number;
}

const SERIES = 'market, symbol, "interval"';

/**
 * The rows of the ledger, by series and time, and what is settled before the range: it may reach into it by now. This
 * and the other two mean the same to DuckDB and to Athena.
 */
export function gapRowsSql(wanted: GapsWanted): string {
  const { classes, fromMs, toMs } = wanted;
  return select(`${SERIES}, from_time, to_time, class, intervals, candles, known_at, evidence`, 'gaps', [
    ...ofSeries(wanted),
    ...(classes ? [`class IN (${classes.map(literal).join(', ')})`] : []),
    ...(fromMs === undefined ? [] : [`(to_time > ${instant(fromMs)} OR class = 'settled')`]),
    ...(toMs === undefined ? [] : [`from_time < ${instant(toMs)}`]),
  ]).concat(` ORDER BY ${SERIES}, from_time`);
}

/** Returns SQL for the sums of the whole ledger of each series, by class. */
export function gapSumsSql(wanted: GapsWanted): string {
  const sums = 'sum(intervals) AS intervals, sum(candles) AS candles';
  const ends = 'min(from_time) AS first_from, max(to_time) AS last_to';
  return select(`${SERIES}, class, ${sums}, ${ends}`, 'gaps', ofSeries(wanted)).concat(
    ` GROUP BY ${SERIES}, class ORDER BY ${SERIES}, class`,
  );
}

/** The candles of each series: how many, the first and the last. */
export function candleSumsSql(wanted: GapsWanted): string {
  const sums = 'count(*) AS candles, min(open_time) AS first_open, max(open_time) AS last_open';
  return select(`${SERIES}, ${sums}`, 'candles', ofSeries(wanted)).concat(` GROUP BY ${SERIES} ORDER BY ${SERIES}`);
}

function select(columns: string, table: string, conditions: readonly string[]): string {
  return `SELECT ${columns} FROM ${table} WHERE ${conditions.join(' AND ')}`;
}

/**
 * Returns the conditions on the partition columns. They name every market if none is wanted, because a lake's tables
 * leave simulated rows out for SQL that does not name them.
 */
export function ofSeries({ market, symbols, interval }: SeriesFilter): string[] {
  return [
    `market IN (${(market ? [market] : MARKETS).map(literal).join(', ')})`,
    ...(symbols ? [`symbol IN (${symbols.map(literal).join(', ')})`] : []),
    ...(interval ? [`"interval" = ${literal(interval)}`] : []),
  ];
}

function instant(timeMs: number): string {
  return `TIMESTAMP '${new Date(timeMs).toISOString().slice(0, 23).replace('T', ' ')}'`;
}

/** Returns a text as SQL has it. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
