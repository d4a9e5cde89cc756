import type { Interval } from './interval.ts';
import type { Market } from './market.ts';
import type { StreamName } from './stream-table.ts';

/** One stream, of a market, a symbol or a series: `STREAM_TABLE` says which of them. */
export interface Stream {
  readonly name: StreamName;
  readonly market: Market;
  readonly symbol?: string;
  readonly interval?: Interval;
}

/** The name in messages and reports: `funding um/BTCUSDT`, `mark_candles um/BTCUSDT/15m`, `instruments um`. */
export function streamTitle({ name, market, symbol, interval }: Stream): string {
  return `${name} ${[market, symbol, interval].filter(Boolean).join('/')}`;
}

/** The name in file names: `funding_um_BTCUSDT`. */
export function streamFileName(stream: Stream): string {
  return streamTitle(stream).replaceAll(/[ /]/g, '_');
}
