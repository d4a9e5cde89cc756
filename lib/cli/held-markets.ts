import { MARKETS, type Market } from '../domain/market.ts';
import type { ObjectStore } from '../ports.ts';

/** The prefixes to look below: a lake that lost its manifests still holds its candles. */
const PREFIXES = ['manifests/', 'candles/', 'landing/klines/'];

/** Returns true if the lake holds candles of a market that is not simulated. */
export async function holdsReal(store: ObjectStore): Promise<boolean> {
  for (const market of MARKETS) {
    if (market !== 'sim' && (await holdsMarket(store, market))) return true;
  }
  return false;
}

/** Returns true if the lake holds simulated candles and no others. */
export async function holdsOnlySimulated(store: ObjectStore): Promise<boolean> {
  return (await holdsMarket(store, 'sim')) && !(await holdsReal(store));
}

async function holdsMarket(store: ObjectStore, market: Market): Promise<boolean> {
  for (const prefix of PREFIXES) {
    if ((await store.list(`${prefix}market=${market}/`)).length > 0) return true;
  }
  return false;
}
