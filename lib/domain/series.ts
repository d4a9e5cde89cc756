import { BadInput } from './errors.ts';
import { type Interval, parseInterval } from './interval.ts';
import { type Market, parseMarket } from './market.ts';

/** One stream of candles: market × symbol × interval. */
export interface Series {
  readonly market: Market;
  readonly symbol: string;
  readonly interval: Interval;
}

// Letters of any script (the exchange lists 币安人生USDT), digits, and the underscore of dated contracts: nothing that
// could leave the lake's prefix or end a Hive partition value.
const SYMBOL = /^[\p{L}\p{N}][\p{L}\p{N}_]{0,39}$/u;

/** Reads a symbol, upper-cased. @throws BadInput */
export function parseSymbol(text: string): string {
  const symbol = text.trim().toUpperCase();
  if (!SYMBOL.test(symbol)) {
    throw new BadInput(`symbol must be letters, digits and _ such as BTCUSDT or BTCUSD_PERP, got '${text}'`);
  }
  return symbol;
}

/** Reads names of symbols, each once, in the order given, or `all` alone. @throws BadInput */
export function parseSymbols(names: readonly string[]): readonly string[] | 'all' {
  if (names.length === 0) throw new BadInput("symbols must be at least one name such as BTCUSDT, or 'all', got none");
  if (names.some((name) => name.trim().toLowerCase() === 'all')) {
    if (names.length === 1) return 'all';
    throw new BadInput(`symbols must be names or 'all' alone, got '${names.join(',')}'`);
  }
  return [...new Set(names.map(parseSymbol))];
}

/** The name of a series in messages, ids and reports: `um/BTCUSDT/15m`. */
export function seriesName(series: Series): string {
  return `${series.market}/${series.symbol}/${series.interval}`;
}

/** The Hive folders of a series: `market=um/symbol=BTCUSDT/interval=15m`. */
export function seriesPath(series: Series): string {
  return `market=${series.market}/symbol=${series.symbol}/interval=${series.interval}`;
}

/** Reads the Hive folders of a series back. @throws BadInput */
export function parseSeriesPath(path: string): Series {
  const match = /^market=([^/]+)\/symbol=([^/]+)\/interval=([^/]+)$/.exec(path);
  if (!match) throw new BadInput(`series path must be market=…/symbol=…/interval=…, got '${path}'`);
  return { market: parseMarket(match[1]!), symbol: parseSymbol(match[2]!), interval: parseInterval(match[3]!) };
}
