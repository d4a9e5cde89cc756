import { type ListingFact, parseFact } from '../../domain/listing.ts';
import type { Market } from '../../domain/market.ts';
import { sha256 } from '../../domain/sha256.ts';
import type { ObjectStore } from '../../ports.ts';
import { getOrCompute } from '../get-or-compute.ts';
import { listingKey, listingPrefix, listingsPrefix } from '../keys.ts';

/** The facts about the lives of symbols that have landed. */
export interface LandedFacts {
  /** Returns the keys of the facts about a symbol. */
  keys(symbol: string): Promise<readonly string[]>;
  /** Reads the facts about a symbol. @throws CorruptObject if one does not match its hash */
  read(symbol: string): Promise<ListingFact[]>;
}

/** Looks up the facts of a market. For the whole market one list request finds all of them. */
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
    getOrCompute(folders, key.slice(0, key.lastIndexOf('/') + 1), () => []).push(key);
  }
  return folders;
}

/** Returns the landing object of a fact: JSON with its fields in the order of their names, under its own hash. */
export function landingOfFact(fact: ListingFact): { readonly key: string; readonly bytes: Uint8Array } {
  const bytes = new TextEncoder().encode(`${JSON.stringify(fact, Object.keys(fact).sort())}\n`);
  return { key: listingKey(fact.market, fact.symbol, sha256(bytes)), bytes };
}
