import type { Market } from '../../domain/market.ts';
import type { StreamName } from '../../domain/stream.ts';
import { DAY_MS } from '../../domain/time-range.ts';

/** The differences between Binance's markets. */
interface BinanceMarket {
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
  /** False if nothing is funded there, so that fundingInfo does not exist. */
  readonly hasFunding: boolean;
  /** Whether exchangeInfo lists a symbol as part of the whole market (`all`), if it trades. */
  isInWholeMarket(info: {
    readonly contractType?: string | undefined;
    readonly quoteAsset?: string | undefined;
  }): boolean;
  /** The same by the name alone, for symbols that only the archive knows. */
  isNameInWholeMarket(symbol: string): boolean;
  /** The streams that a symbol has. */
  streams(symbol: string): readonly StreamName[];
  /** The parameters by which openInterestHist names a symbol. */
  openInterestOf(symbol: string): Readonly<Record<string, string>>;
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
  streams: (symbol) => ['open_interest', ...(isPerpetual(symbol) ? (['funding'] as const) : []), 'mark_candles'],
  openInterestOf: (symbol) => ({ symbol }),
};

/** The table of Binance's markets. */
export const BINANCE_MARKETS: Readonly<Record<Market, BinanceMarket>> = {
  um: UM,
  cm: {
    ...UM,
    restRoot: '/dapi/v1',
    archiveFolder: 'futures/cm',
    longestWindowMs: 200 * DAY_MS,
    answersNewest: true,
    isNameInWholeMarket: (symbol) => symbol.endsWith('_PERP'),
    streams: (symbol) => (isPerpetual(symbol) ? UM.streams(symbol) : ['mark_candles']),
    // COIN-M has the open interest of perpetuals only, and names them by their pair.
    openInterestOf: (symbol) => ({ pair: symbol.replace(/_PERP$/, ''), contractType: 'PERPETUAL' }),
  },
  spot: {
    ...UM,
    restRoot: '/api/v3',
    archiveFolder: 'spot',
    exchangeInfoWeight: 20,
    hasFunding: false,
    // Spot has no contracts. Its whole market is every pair against USDT.
    isInWholeMarket: ({ quoteAsset }) => quoteAsset === 'USDT',
    streams: () => [],
  },
  sim: UM,
};
