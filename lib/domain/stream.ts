import type { Interval } from './interval.ts';
import type { Market } from './market.ts';

/** The streams that the daily run collects beside candles. Each is a table. Most of it cannot be fetched later. */
export const STREAM_NAMES = ['instruments', 'funding', 'open_interest', 'mark_candles'] as const;
export type StreamName = (typeof STREAM_NAMES)[number];

/** One stream: `instruments` of a whole market, the others of a symbol; only mark candles have an interval. */
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
