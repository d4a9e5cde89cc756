import { type Interval, nextOpenTime } from './interval.ts';
import { type ColumnSchema, type ColumnType, columns, type TableSchema } from './table-schema.ts';
import { DAY_MS } from './time-range.ts';

/**
 * The facts of a stream, whichever exchange has it. The folder of the exchange has the rest: the files and routes of
 * the stream, and how their answers become rows. docs/add-a-stream.md shows both.
 */
export interface StreamFacts {
  /**
   * `grid`: one row at each time of the grid. `events`: rows at any time. `snapshots`: the state of the whole market
   * when a run looked; each snapshot lands as a sighting, and no file or window of REST has it.
   */
  readonly rows: 'grid' | 'events' | 'snapshots';
  /** Whether there is one stream for each market, symbol, or series. It decides the folders of the keys. */
  readonly of: 'market' | 'symbol' | 'series';
  /** The grid on which windows are planned. `own` is the interval of the stream. */
  readonly grid: Interval | 'own';
  /** The interval whose candles have the same periods. */
  readonly periodsOf: Interval | 'own';
  /** The last row of an object may be this far behind its range: a file may end with the first row of the next. */
  readonly overhangMs: number;
  /** Length of a page of REST while it is open. If left out, that of candles on the same grid. */
  readonly openPageMs?: number;
  /** True if a row at the very end of the symbol's life belongs to it: a funding paid at the settlement does. */
  readonly hasRowAtEnd?: boolean;
  /**
   * The columns that identify a row, in the order by which rows are sorted. The first is the row's time, which decides
   * its period.
   */
  readonly key: readonly [time: string, ...others: string[]];
  /**
   * True if one answer may have several events with the same key. The first of them is another event than the second,
   * so none is lost. If left out, a second row with the same key is a duplicate or a conflict.
   */
  readonly keyRepeats?: boolean;
  /** The columns of numbers that are compared if several answers have the same row. */
  readonly compared: readonly string[];
  /** Returns the first instant at which a row could have been known. @param interval of a stream of a series */
  knownAtMs(row: ValuesByColumn, interval: Interval | undefined): number;
  readonly schema: TableSchema;
}

/** The values of a row. Times are numbers. */
type ValuesByColumn = Readonly<Record<string, unknown>>;

const HOUR_MS = 3_600_000;
const FIVE_MINUTES_MS = 300_000;

/** Returns the latest of some times of a row. */
function latest(row: ValuesByColumn, ...names: string[]): number {
  return Math.max(...names.map((name) => Number(row[name])));
}

/** Makes columns that are null if the exchange does not give the value. */
function optional(type: ColumnType, ...names: string[]): ColumnSchema[] {
  return columns(type, ...names).map((column) => ({ ...column, nullable: true }));
}

const ROWS = {
  instruments: {
    // A row is a symbol from `valid_from` until its next row.
    rows: 'snapshots',
    of: 'market',
    grid: '5m',
    periodsOf: '1m',
    overhangMs: 0,
    key: ['valid_from', 'symbol'],
    compared: [],
    knownAtMs: (row) => latest(row, 'valid_from', 'first_seen'),
    schema: {
      name: 'instruments',
      partitions: ['market', 'period'],
      columns: [
        ...columns('string', 'symbol'),
        ...columns('timestamp', 'valid_from', 'known_at', 'first_seen'),
        ...columns('string', 'status'),
        ...optional('string', 'contract_type', 'pair', 'base_asset', 'quote_asset', 'margin_asset'),
        ...optional('timestamp', 'onboard_time', 'delivery_time'),
        ...optional('float64', 'tick_size', 'step_size', 'min_notional'),
        ...optional('int32', 'funding_interval_hours'),
        ...optional('float64', 'funding_rate_cap', 'funding_rate_floor'),
      ],
    },
  },
  funding: {
    // The shortest funding interval is an hour.
    rows: 'events',
    of: 'symbol',
    grid: '1h',
    periodsOf: '1h',
    overhangMs: HOUR_MS,
    // No archive file supersedes an answer of REST, because only REST has the mark price. So pages are long.
    openPageMs: 15 * DAY_MS,
    hasRowAtEnd: true,
    // The hour at which it was due. The published time is some milliseconds off.
    key: ['scheduled_time'],
    compared: ['funding_rate', 'funding_interval_hours', 'mark_price'],
    // Funding is paid and published at once. It is never known before the hour, even if the exchange's clock was early.
    knownAtMs: (row) => latest(row, 'funding_time', 'scheduled_time'),
    schema: {
      name: 'funding',
      partitions: ['market', 'symbol', 'period'],
      columns: [
        ...columns('timestamp', 'funding_time', 'scheduled_time'),
        ...columns('float64', 'funding_rate'),
        ...optional('int32', 'funding_interval_hours'),
        ...optional('float64', 'mark_price'),
        ...columns('timestamp', 'known_at'),
        ...columns('string', 'source'),
      ],
    },
  },
  open_interest: {
    rows: 'grid',
    of: 'symbol',
    grid: '5m',
    periodsOf: '1m',
    overhangMs: FIVE_MINUTES_MS,
    key: ['time'],
    compared: ['sum_open_interest', 'sum_open_interest_value'],
    // Labels named the end of their five minutes until 2026-06-25 and have named the beginning since, without any sign
    // in the files. The end of the five minutes behind a label is correct for the new labels and late for the old ones.
    knownAtMs: (row) => latest(row, 'time') + FIVE_MINUTES_MS,
    schema: {
      name: 'open_interest',
      partitions: ['market', 'symbol', 'period'],
      columns: [
        ...columns('timestamp', 'time'),
        ...columns('float64', 'sum_open_interest', 'sum_open_interest_value'),
        ...columns('timestamp', 'known_at'),
        ...columns('string', 'source'),
        ...columns('int32', 'gap_before'),
      ],
    },
  },
  mark_candles: {
    rows: 'grid',
    of: 'series',
    grid: 'own',
    periodsOf: 'own',
    overhangMs: 0,
    key: ['open_time'],
    compared: ['open', 'high', 'low', 'close', 'close_time'],
    knownAtMs: (row, interval) => nextOpenTime(interval!, latest(row, 'open_time')),
    schema: {
      name: 'mark_candles',
      columns: [
        ...columns('timestamp', 'open_time'),
        ...columns('float64', 'open', 'high', 'low', 'close'),
        ...columns('timestamp', 'close_time', 'known_at'),
        ...columns('string', 'source'),
        ...columns('int32', 'gap_before'),
      ],
    },
  },
} satisfies Readonly<Record<string, StreamFacts>>;

/** The name of a stream, which is the name of its table and of its folders. */
export type StreamName = keyof typeof ROWS;

/** The streams, one row each. */
export const STREAM_TABLE: Readonly<Record<StreamName, StreamFacts>> = ROWS;

/** The names of the streams that the daily run collects beside candles. Most of their data cannot be fetched later. */
export const STREAM_NAMES = Object.keys(ROWS) as [StreamName, ...StreamName[]];
