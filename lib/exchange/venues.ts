import type { Market } from '../domain/market.ts';
import { BINANCE } from './binance/venue.ts';
import type { Venue } from './venue.ts';
import { type VenueName, venueNameOf } from './venue-name.ts';

const VENUES: Readonly<Record<VenueName, Venue>> = { binance: BINANCE };

/** Returns the exchange that runs a market. */
export function venueOf(market: Market): Venue {
  return VENUES[venueNameOf(market)];
}
