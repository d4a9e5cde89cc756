import type { Market } from '../domain/market.ts';

/** Base URLs of the exchange, without a slash at the end. Any server that speaks Binance can stand in. */
export interface ExchangeUrls {
  readonly rest: Readonly<Record<Market, string>>;
  readonly archive: string;
  /** The archive's S3 listing, asked with `?prefix=…`. */
  readonly archiveListing: string;
}

/** The REST paths of each market. */
export const REST_PATHS: Readonly<Record<Market, string>> = {
  um: '/fapi/v1',
  cm: '/dapi/v1',
  spot: '/api/v3',
  sim: '/fapi/v1',
};

/** The exchange opened in July 2017: there are no candles before this instant. */
export const BEFORE_EXCHANGE_MS = Date.UTC(2017, 0, 1);
