import type { Market } from '../domain/market.ts';
import { BINANCE } from './binance/venue.ts';
import { MARKET_TABLE, type VenueName } from './markets.ts';
import type { Venue } from './venue.ts';

const VENUES: Readonly<Record<VenueName, Venue>> = { binance: BINANCE };

/** Returns the exchange that runs a market. */
export function venueOf(market: Market): Venue {
  return VENUES[MARKET_TABLE[market].venue];
}
