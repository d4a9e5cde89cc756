import { MARKETS, type Market } from '../domain/market.ts';

/** Base URLs of one market, without a slash at the end. Any server that speaks the venue's API can take their place. */
interface MarketUrls {
  readonly rest: string;
  readonly archive: string;
  /** The archive's S3 listing, requested with `?prefix=…`. */
  readonly archiveListing: string;
}

/** The base URLs of each market. */
export type ExchangeUrls = Readonly<Record<Market, MarketUrls>>;

/** A market: what is traded there, and where it answers. */
interface MarketRow {
  readonly product: string;
  readonly urls: MarketUrls;
}

const BINANCE_ARCHIVE = {
  archive: 'https://data.binance.vision',
  // The website does not list its files. The bucket behind it does.
  archiveListing: 'https://s3-ap-northeast-1.amazonaws.com/data.binance.vision',
};

function binance(product: string, rest: string): MarketRow {
  return { product, urls: { rest, ...BINANCE_ARCHIVE } };
}

/** The table of markets. Simulated candles are served as USDⓈ-M futures are. */
export const MARKET_TABLE: Readonly<Record<Market, MarketRow>> = {
  um: binance('USDⓈ-M futures', 'https://fapi.binance.com'),
  cm: binance('COIN-M futures', 'https://dapi.binance.com'),
  spot: binance('spot', 'https://api.binance.com'),
  sim: binance('simulated USDⓈ-M futures', 'https://fapi.binance.com'),
};

/** Base URLs that replace those of the table. */
type GivenUrls = { readonly [Url in keyof MarketUrls]?: string | undefined };

/** Returns the base URLs of every market, with the given ones in place of the table's. */
export function urlsWith({ rest, archive, archiveListing }: GivenUrls): ExchangeUrls {
  const given = {
    ...(rest !== undefined && { rest }),
    ...(archive !== undefined && { archive }),
    ...(archiveListing !== undefined && { archiveListing }),
  };
  const urls = MARKETS.map((market) => [market, { ...MARKET_TABLE[market].urls, ...given }]);
  return Object.fromEntries(urls) as Record<Market, MarketUrls>;
}
