import { type Interval, parseInterval } from './interval.ts';
import { type Market, parseMarket } from './market.ts';
import { parseSymbols } from './series.ts';

/** The series and streams that a request selects. A field that is left out selects all. */
export interface SeriesFilter {
  readonly market?: Market;
  readonly symbols?: readonly string[];
  readonly interval?: Interval;
}

/** The same as a user types it. `all` symbols are the same as none. */
export interface SeriesWords {
  readonly market?: string;
  readonly symbols?: readonly string[];
  readonly interval?: string;
}

/** Checks the words of a filter. @throws BadInput naming what is allowed */
export function parseSeriesFilter({ market, symbols, interval }: SeriesWords): SeriesFilter {
  const named = symbols && parseSymbols(symbols);
  return {
    ...(market !== undefined && { market: parseMarket(market) }),
    ...(named && named !== 'all' && { symbols: named }),
    ...(interval !== undefined && { interval: parseInterval(interval) }),
  };
}

/** Returns true if the filter selects a series or a stream. A stream of a whole market has no symbol to name. */
export function isSelected(
  filter: SeriesWords,
  { market, symbol, interval }: SeriesWords & { symbol?: string },
): boolean {
  return (
    (filter.market === undefined || filter.market === market) &&
    (filter.interval === undefined || filter.interval === interval) &&
    (filter.symbols === undefined || (symbol !== undefined && filter.symbols.includes(symbol)))
  );
}

/** Returns the words of a filter, such as `um BTCUSDT,ETHUSDT 15m`. Empty if it selects all. */
export function filterText({ market, symbols, interval }: SeriesWords): string {
  return [market, symbols?.join(','), interval].filter((word) => word !== undefined).join(' ');
}
