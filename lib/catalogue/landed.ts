import type { Chunk } from '../domain/chunk.ts';
import { type LandingId, landingPrefix, parseReceiptKey } from '../domain/keys.ts';
import { type Series, seriesName } from '../domain/series.ts';
import { subtractRanges } from '../domain/time-range.ts';
import type { ObjectStore } from '../ports.ts';

/** What has landed, by the receipts in the lake. */
export interface Landed {
  /**
   * True for an archive chunk where the receipt of that very file is there, for a REST chunk where its window is covered
   * by receipts of any source.
   */
  has(chunk: Chunk): Promise<boolean>;
}

/** Lists each series once, when it is first asked for. */
export function landed(store: ObjectStore): Landed {
  const receipts = new Map<string, Promise<LandingId[]>>();

  function receiptsOf(series: Series): Promise<LandingId[]> {
    const name = seriesName(series);
    const known = receipts.get(name) ?? listReceipts(store, series);
    receipts.set(name, known);
    return known;
  }

  return {
    async has({ series, source, range }) {
      const ids = await receiptsOf(series);
      if (source === 'rest') {
        const ranges = ids.map((id) => id.range);
        return subtractRanges(range, ranges).length === 0;
      }
      return ids.some((id) => id.source === source && id.range.fromMs === range.fromMs && id.range.toMs === range.toMs);
    },
  };
}

async function listReceipts(store: ObjectStore, series: Series): Promise<LandingId[]> {
  const objects = await store.list(landingPrefix(series));
  return objects.flatMap(({ key }) => parseReceiptKey(series, key) ?? []);
}
