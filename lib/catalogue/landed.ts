import type { Chunk } from '../domain/chunk.ts';
import { type LandingId, landingPrefix, parseReceiptKey, receiptKey } from '../domain/keys.ts';
import { type Series, seriesName } from '../domain/series.ts';
import { standsFor } from '../domain/stands-for.ts';
import { subtractRanges } from '../domain/time-range.ts';
import type { ObjectStore } from '../ports.ts';

/** What has landed, by the receipts in the lake. */
export interface Landed {
  /**
   * True for an archive chunk where the receipt of that very file is there, and what stands for the file is as new as the chunk wants; for a
   * REST chunk where its window is covered by receipts of any source.
   */
  has(chunk: Chunk): Promise<boolean>;
  /** True where REST has been asked about the whole window, whatever archive files cover it. */
  hasAsked(chunk: Chunk): Promise<boolean>;
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
    async has({ series, source, range, revision }) {
      const ids = await receiptsOf(series);
      if (source === 'rest') return isCovered(range, ids);
      const same = ids.filter(
        (id) => id.source === source && id.range.fromMs === range.fromMs && id.range.toMs === range.toMs,
      );
      if (!revision) return same.length > 0;
      const receipts = await Promise.all(same.map(async (id) => ({ id, bytes: await store.get(receiptKey(id)) })));
      return standsFor(receipts, revision);
    },
    async hasAsked({ series, range }) {
      const ids = await receiptsOf(series);
      return isCovered(
        range,
        ids.filter(({ source }) => source === 'rest'),
      );
    },
  };
}

function isCovered(range: Chunk['range'], ids: readonly LandingId[]): boolean {
  return (
    subtractRanges(
      range,
      ids.map((id) => id.range),
    ).length === 0
  );
}

async function listReceipts(store: ObjectStore, series: Series): Promise<LandingId[]> {
  const objects = await store.list(landingPrefix(series));
  return objects.flatMap(({ key }) => parseReceiptKey(series, key) ?? []);
}
