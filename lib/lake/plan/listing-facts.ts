import { type ListingFact, parseFact } from '../../domain/listing.ts';
import type { Market } from '../../domain/market.ts';
import { sha256 } from '../../domain/sha256.ts';
import type { ObjectStore } from '../../ports.ts';
import { listingKey, listingPrefix, listingsPrefix } from '../keys.ts';

/** What the lake already knows of the lives of symbols. */
export interface LandedFacts {
  /** Keys of the facts about a symbol. */
  keys(symbol: string): Promise<readonly string[]>;
  /** The facts themselves, an object each. @throws CorruptObject where one is not what landed */
  read(symbol: string): Promise<ListingFact[]>;
}

/** Looks the facts of a market up, all of them with one list where the whole market is asked for. */
export function landedFacts(store: ObjectStore, market: Market, wholeMarket: boolean): LandedFacts {
  const listKeys = async (prefix: string) => (await store.list(prefix)).map(({ key }) => key);
  let all: Promise<Map<string, string[]>> | undefined;

  async function keys(symbol: string): Promise<readonly string[]> {
    const prefix = listingPrefix(market, symbol);
    if (!wholeMarket) return listKeys(prefix);
    all ??= listKeys(listingsPrefix(market)).then((found) => groupByFolder(found));
    return (await all).get(prefix) ?? [];
  }

  return {
    keys,
    async read(symbol) {
      const read = async (key: string) => {
        const bytes = await store.get(key);
        return bytes ? [parseFact(key, bytes)] : [];
      };
      return (await Promise.all((await keys(symbol)).map(read))).flat();
    },
  };
}

function groupByFolder(keys: readonly string[]): Map<string, string[]> {
  const folders = new Map<string, string[]>();
  for (const key of keys) {
    const folder = key.slice(0, key.lastIndexOf('/') + 1);
    const own = folders.get(folder) ?? [];
    own.push(key);
    folders.set(folder, own);
  }
  return folders;
}

/** A fact as it lands: JSON with its fields in the order of their names, under its own hash. */
export function landingOfFact(fact: ListingFact): { readonly key: string; readonly bytes: Uint8Array } {
  const bytes = new TextEncoder().encode(`${JSON.stringify(fact, Object.keys(fact).sort())}\n`);
  return { key: listingKey(fact.market, fact.symbol, sha256(bytes)), bytes };
}
