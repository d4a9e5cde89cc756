import type { Market } from '../../domain/market.ts';
import { DAY_MS } from '../../domain/time-range.ts';
import type { MarketOf } from '../venue-name.ts';

/** The differences between Binance's markets. */
export interface BinanceMarket {
  /** Path of the REST API below the base URL. */
  readonly restRoot: string;
  /** Folder of the archive below `data/`. */
  readonly archiveFolder: string;
  /** The longest window that a REST request may span. */
  readonly longestWindowMs: number;
  /** True if a window with more candles than a page is answered with its newest candles, not with its oldest. */
  readonly answersNewest: boolean;
  /** Weight of exchangeInfo. */
  readonly exchangeInfoWeight: number;
  /** False if nothing is funded there, so that fundingInfo and mark prices do not exist. */
  readonly hasFunding: boolean;
  /** Whether exchangeInfo lists a symbol as part of the whole market (`all`), if it trades. */
  isInWholeMarket(info: {
    readonly contractType?: string | undefined;
    readonly quoteAsset?: string | undefined;
  }): boolean;
  /** The same by the name alone, for symbols that only the archive knows. */
  isNameInWholeMarket(symbol: string): boolean;
  /** Returns whether a symbol pays funding. */
  isFunded(symbol: string): boolean;
  /** Returns the parameters by which openInterestHist names a symbol. Undefined means that it has no such symbol. */
  openInterestOf(symbol: string): Readonly<Record<string, string>> | undefined;
}

/** Dated contracts have a date behind an underscore, and pay no funding. */
const isPerpetual = (symbol: string) => !symbol.includes('_') || symbol.endsWith('_PERP');

const UM: BinanceMarket = {
  restRoot: '/fapi/v1',
  archiveFolder: 'futures/um',
  longestWindowMs: Number.POSITIVE_INFINITY,
  answersNewest: false,
  exchangeInfoWeight: 1,
  hasFunding: true,
  // Dated contracts and contracts on shares (TRADIFI_PERPETUAL) are not part of the whole market.
  isInWholeMarket: ({ contractType }) => contractType === 'PERPETUAL',
  isNameInWholeMarket: (symbol) => !symbol.includes('_'),
  isFunded: isPerpetual,
  openInterestOf: (symbol) => ({ symbol }),
};

/** The table of Binance's markets. */
const BINANCE_MARKETS: Readonly<Record<MarketOf<'binance'>, BinanceMarket>> = {
  um: UM,
  cm: {
    ...UM,
    restRoot: '/dapi/v1',
    archiveFolder: 'futures/cm',
    longestWindowMs: 200 * DAY_MS,
    answersNewest: true,
    isNameInWholeMarket: (symbol) => symbol.endsWith('_PERP'),
    // COIN-M has the open interest of perpetuals only, and names them by their pair.
    openInterestOf: (symbol) =>
      isPerpetual(symbol) ? { pair: symbol.replace(/_PERP$/, ''), contractType: 'PERPETUAL' } : undefined,
  },
  spot: {
    ...UM,
    restRoot: '/api/v3',
    archiveFolder: 'spot',
    exchangeInfoWeight: 20,
    hasFunding: false,
    // Spot has no contracts. Its whole market is every pair against USDT.
    isInWholeMarket: ({ quoteAsset }) => quoteAsset === 'USDT',
    isFunded: () => false,
    openInterestOf: () => undefined,
  },
  sim: UM,
};

/** Returns the row of a market. @throws Error if another exchange runs the market */
export function binanceMarket(market: Market): BinanceMarket {
  const row = (BINANCE_MARKETS as Readonly<Partial<Record<Market, BinanceMarket>>>)[market];
  if (!row) throw new Error(`market must be one of Binance's, got '${market}'`);
  return row;
}
