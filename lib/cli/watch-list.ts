import type { WatchList } from '../plan/plan-request.ts';

/** What `lake run` collects where nothing is asked for. */
export const DEFAULT_WATCH_LIST: WatchList = { market: 'um', symbols: ['BTCUSDT'], interval: '15m', period: '1y' };
