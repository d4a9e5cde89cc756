import type { Chunk } from '../../domain/chunk.ts';
import type { Series } from '../../domain/series.ts';
import { subtractRanges } from '../../domain/time-range.ts';
import type { ObjectStore } from '../../ports.ts';
import { closedLandingPrefix, type LandingId, openLandingPrefix, parseReceiptKey, receiptKey } from '../keys.ts';
import { standsFor } from '../landing/stands-for.ts';

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

/** Lists each series once, and each of its open pages, when it is first asked for. */
export function landed(store: ObjectStore): Landed {
  const listed = new Map<string, Promise<LandingId[]>>();

  function list(series: Series, prefix: string): Promise<LandingId[]> {
    const known = listed.get(prefix) ?? listReceipts(store, series, prefix);
    listed.set(prefix, known);
    return known;
  }

  async function receiptsOf({ series, openPageMs }: Chunk): Promise<LandingId[]> {
    const open = openPageMs === undefined ? [] : [list(series, openLandingPrefix(series, openPageMs))];
    return (await Promise.all([list(series, closedLandingPrefix(series)), ...open])).flat();
  }

  return {
    async has(chunk) {
      const { source, range, revision } = chunk;
      const ids = await receiptsOf(chunk);
      if (source === 'rest') return isCovered(range, ids);
      const same = ids.filter(
        (id) => id.source === source && id.range.fromMs === range.fromMs && id.range.toMs === range.toMs,
      );
      if (!revision) return same.length > 0;
      const receipts = await Promise.all(same.map(async (id) => ({ id, bytes: await store.get(receiptKey(id)) })));
      return standsFor(receipts, revision);
    },
    async hasAsked(chunk) {
      const ids = await receiptsOf(chunk);
      return isCovered(
        chunk.range,
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

async function listReceipts(store: ObjectStore, series: Series, prefix: string): Promise<LandingId[]> {
  const objects = await store.list(prefix);
  return objects.flatMap(({ key }) => parseReceiptKey(series, key) ?? []);
}
