import type { Series } from '../../domain/series.ts';
import { sha256 } from '../../domain/sha256.ts';
import { listingKey, listingPrefix } from '../keys.ts';
import type { AuditContext } from './audit-context.ts';
import { differs, type Findings } from './findings.ts';

const REMEDY = 'remove it by hand; npx lake run asks the exchange again';

/** Compares the facts about the symbol's life with the hash in their key. Returns the number of objects. */
export async function checkListings(series: Series, findings: Findings, { store }: AuditContext): Promise<number> {
  const { market, symbol } = series;
  const objects = await store.list(listingPrefix(market, symbol));
  for (const { key } of objects) {
    const hash = sha256((await store.get(key)) ?? '');
    if (key === listingKey(market, symbol, hash)) continue;
    const what = 'fact about the life of the symbol';
    findings.wrong('landing', differs(key, what, 'the sha256 in its key', hash), REMEDY);
  }
  return objects.length;
}
