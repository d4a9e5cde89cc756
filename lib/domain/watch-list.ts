/** What a run does where its request leaves things out. */
export interface WatchList {
  readonly market: string;
  readonly symbols: readonly string[];
  readonly interval: string;
  readonly period: string;
}

/** The watch list of a lake for which none was configured. */
export const DEFAULT_WATCH_LIST = {
  market: 'um',
  symbols: ['BTCUSDT'],
  interval: '15m',
  period: '1y',
} as const satisfies WatchList;
