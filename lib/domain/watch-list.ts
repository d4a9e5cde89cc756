/** What a run does where its request leaves things out. */
export interface WatchList {
  readonly market: string;
  readonly symbols: readonly string[];
  readonly interval: string;
  readonly period: string;
  /** True if runs want only what the archive has by now, as in a region that REST refuses. */
  readonly archiveOnly?: boolean;
}

/** The watch list of a lake for which none was configured. */
export const DEFAULT_WATCH_LIST = {
  market: 'um',
  symbols: ['BTCUSDT'],
  interval: '15m',
  period: '1y',
} as const satisfies WatchList;
