import type { StreamName } from './stream.ts';
import type { ColumnSchema, ColumnType, TableSchema } from './table-schema.ts';

const column = (name: string, type: ColumnType): ColumnSchema => ({ name, type, nullable: false });
/** Null where the exchange does not say. */
const optional = (name: string, type: ColumnType): ColumnSchema => ({ name, type, nullable: true });

/** The tables of the streams, by name. */
export const STREAM_SCHEMAS: Readonly<Record<StreamName, TableSchema>> = {
  /** A row says what held of a symbol from `valid_from` on, until its next row. Sorted by `valid_from` and symbol. */
  instruments: {
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
  funding: {
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
  open_interest: {
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
  mark_candles: {
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
};
