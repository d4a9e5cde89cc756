import type { Interval } from './interval.ts';
import type { StreamName } from './stream.ts';
import { type ColumnSchema, type ColumnType, columns, type TableSchema } from './table-schema.ts';
import { DAY_MS } from './time-range.ts';

/** The facts of a stream that every room needs. docs/add-a-stream.md lists the rows of the other rooms. */
interface StreamRow {
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
  readonly schema: TableSchema;
}

const HOUR_MS = 3_600_000;

/** Makes columns that are null if the exchange does not give the value. */
function optional(type: ColumnType, ...names: string[]): ColumnSchema[] {
  return columns(type, ...names).map((column) => ({ ...column, nullable: true }));
}

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
    overhangMs: 5 * 60_000,
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
};
