/** The request of a run, for the fields that a caller leaves out. */
export interface WatchList {
  readonly market: string;
  readonly symbols: readonly string[];
  readonly interval: string;
  readonly period: string;
  /** True if runs use only the archive, as in a region that REST refuses. */
  readonly archiveOnly?: boolean;
}

/** The watch list of a lake without a configured one. */
export const DEFAULT_WATCH_LIST = {
  market: 'um',
  symbols: ['BTCUSDT'],
  interval: '15m',
  period: '1y',
} as const satisfies WatchList;
