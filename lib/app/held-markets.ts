import { MARKETS, type Market } from '../domain/market.ts';
import type { ObjectStore } from '../ports.ts';

/** The prefixes that are searched. A lake that lost its manifests still holds its candles. */
const PREFIXES = ['manifests/', 'candles/', 'landing/klines/'];

/** Returns true if anything in the lake belongs to a market that is not simulated. */
export async function holdsReal(store: ObjectStore): Promise<boolean> {
  return anyReal((market) => holds(store, PREFIXES, market));
}

/** Returns the share of simulated candles in a lake: `none`, `only` simulated ones, or `both`. */
export async function simulatedPart(store: ObjectStore): Promise<'none' | 'only' | 'both'> {
  const serves = (market: Market) => holds(store, ['candles/'], market);
  if (!(await serves('sim'))) return 'none';
  return (await anyReal(serves)) ? 'both' : 'only';
}

async function anyReal(has: (market: Market) => Promise<boolean>): Promise<boolean> {
  for (const market of MARKETS) if (market !== 'sim' && (await has(market))) return true;
  return false;
}

async function holds(store: ObjectStore, prefixes: readonly string[], market: Market): Promise<boolean> {
  for (const prefix of prefixes) {
    if ((await store.list(`${prefix}market=${market}/`)).length > 0) return true;
  }
  return false;
}
