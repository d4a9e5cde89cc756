import type { Market } from '../domain/market.ts';

/** The exchanges that can be read. Each has a folder below lib/exchange, and a row in each table by venue. */
const VENUE_NAMES = ['binance'] as const;
export type VenueName = (typeof VENUE_NAMES)[number];

/** The markets of an exchange. A table of them has a row for each, or it does not compile. */
export type MarketOf<Name extends VenueName> = Name extends 'binance'
  ? Exclude<Market, `${Exclude<VenueName, Name>}_${string}`>
  : Extract<Market, `${Name}_${string}`>;

/**
 * Returns the exchange that runs a market. The name of a market of any exchange but Binance begins with the name of the
 * exchange: `kraken_spot`. No list of markets is read, so that another market changes no code hash.
 */
export function venueNameOf(market: Market): VenueName {
  return VENUE_NAMES.find((name) => market.startsWith(`${name}_`)) ?? 'binance';
}
