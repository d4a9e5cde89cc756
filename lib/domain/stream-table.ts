import type { Interval } from './interval.ts';
import type { StreamName } from './stream.ts';
import type { ColumnSchema, ColumnType, TableSchema } from './table-schema.ts';
import { DAY_MS } from './time-range.ts';

/** The facts of a stream that every room needs. docs/add-a-stream.md lists the rows of the other rooms. */
export interface StreamRow {
  /**
   * `grid`: one row at each time of the grid. `events`: rows at any time. `snapshots`: what the whole market was like when a
   * run looked; each snapshot lands as a sighting, and no file or window of REST has it.
   */
  readonly rows: 'grid' | 'events' | 'snapshots';
  /** Whether there is one stream for each market, symbol, or series. It decides the folders of the keys. */
  readonly of: 'market' | 'symbol' | 'series';
  /** The grid on which windows are planned. `own` is the interval of the stream. */
  readonly grid: Interval | 'own';
  /** The interval whose candles have the same periods. */
  readonly periodsOf: Interval | 'own';
  /** The last row of an object may lie this far behind the end of its range: a file may end with the first label of the next. */
  readonly overhangMs: number;
  /** Length of a page of REST while it is open. If left out, that of candles on the same grid. */
  readonly openPageMs?: number;
  /** True if a row at the very end of the symbol's life belongs to it: a funding paid at the settlement does. */
  readonly hasRowAtEnd?: boolean;
  readonly schema: TableSchema;
}

const HOUR_MS = 3_600_000;

const column = (name: string, type: ColumnType): ColumnSchema => ({ name, type, nullable: false });
/** Null if the exchange does not say. */
const optional = (name: string, type: ColumnType): ColumnSchema => ({ name, type, nullable: true });

/** The streams, one row each. */
export const STREAM_TABLE: Readonly<Record<StreamName, StreamRow>> = {
  instruments: {
    // A row is a symbol from `valid_from` until its next row. Sorted by `valid_from` and symbol.
    rows: 'snapshots',
    of: 'market',
    grid: '5m',
    periodsOf: '1m',
    overhangMs: 0,
    schema: {
      name: 'instruments',
      partitions: ['market', 'period'],
      columns: [
        column('symbol', 'string'),
        column('valid_from', 'timestamp'),
        column('known_at', 'timestamp'),
        column('first_seen', 'timestamp'),
        column('status', 'string'),
        optional('contract_type', 'string'),
        optional('pair', 'string'),
        optional('base_asset', 'string'),
        optional('quote_asset', 'string'),
        optional('margin_asset', 'string'),
        optional('onboard_time', 'timestamp'),
        optional('delivery_time', 'timestamp'),
        optional('tick_size', 'float64'),
        optional('step_size', 'float64'),
        optional('min_notional', 'float64'),
        optional('funding_interval_hours', 'int32'),
        optional('funding_rate_cap', 'float64'),
        optional('funding_rate_floor', 'float64'),
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
    schema: {
      name: 'funding',
      partitions: ['market', 'symbol', 'period'],
      columns: [
        column('funding_time', 'timestamp'),
        column('scheduled_time', 'timestamp'),
        column('funding_rate', 'float64'),
        optional('funding_interval_hours', 'int32'),
        optional('mark_price', 'float64'),
        column('known_at', 'timestamp'),
        column('source', 'string'),
      ],
    },
  },
  open_interest: {
    rows: 'grid',
    of: 'symbol',
    grid: '5m',
    periodsOf: '1m',
    overhangMs: 5 * 60_000,
    schema: {
      name: 'open_interest',
      partitions: ['market', 'symbol', 'period'],
      columns: [
        column('time', 'timestamp'),
        column('sum_open_interest', 'float64'),
        column('sum_open_interest_value', 'float64'),
        column('known_at', 'timestamp'),
        column('source', 'string'),
        column('gap_before', 'int32'),
      ],
    },
  },
  mark_candles: {
    rows: 'grid',
    of: 'series',
    grid: 'own',
    periodsOf: 'own',
    overhangMs: 0,
    schema: {
      name: 'mark_candles',
      columns: [
        column('open_time', 'timestamp'),
        column('open', 'float64'),
        column('high', 'float64'),
        column('low', 'float64'),
        column('close', 'float64'),
        column('close_time', 'timestamp'),
        column('known_at', 'timestamp'),
        column('source', 'string'),
        column('gap_before', 'int32'),
      ],
    },
  },
};
