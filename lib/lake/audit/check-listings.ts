import type { Series } from '../../domain/series.ts';
import { sha256 } from '../../domain/sha256.ts';
import { listingKey, listingPrefix } from '../keys.ts';
import type { Findings } from './findings.ts';
import type { AuditWorld } from './world.ts';

/** Holds what was told of the symbol's life against the hash in its key. Returns how many objects were read. */
export async function checkListings(series: Series, findings: Findings, { store }: AuditWorld): Promise<number> {
  const { market, symbol } = series;
  const objects = await store.list(listingPrefix(market, symbol));
  for (const { key } of objects) {
    const hash = sha256((await store.get(key)) ?? '');
    if (key === listingKey(market, symbol, hash)) continue;
    findings.add('landing', 'wrong', {
      place: key,
      what: 'what was told of the life of the symbol',
      expected: 'the sha256 in its key',
      found: hash,
      remedy: 'remove it by hand; npx lake run asks the exchange again',
    });
  }
  return objects.length;
}
