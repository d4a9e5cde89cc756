import { type MemoryStore, memoryStore } from '../../../lib/lake/memory-store.ts';
import { refine } from '../../../lib/lake/refine/refine.ts';
import { refineStream } from '../../../lib/lake/refine/streams/refine-stream.ts';
import type { ObjectStore } from '../../../lib/ports.ts';
import { FEW_FEATURES } from '../../support/few-features.ts';
import { lakeFaults } from '../../support/lake-faults.ts';
import { landAll, landedObject, type SeriesAnswer } from '../../support/landing.ts';
import { btc, page } from '../../support/refined-lake.ts';
import { madeIn } from '../../support/store.ts';
import { FUNDING, JANUARY, landAnswer } from '../../support/stream-lake.ts';
import { DAY_MS } from '../../support/time.ts';

const SERIES = btc('12h');
const FIRST = [page('12h', '2021-12-20T00:00Z', 10), page('12h', '2022-11-20T00:00Z', 5)];
const EARLY = [page('12h', '2021-12-25T00:00Z', 14), page('12h', '2022-12-20T00:00Z', 24)];
/** More of a year that is there, and a year that is not. */
const LATE = [page('12h', '2022-01-05T00:00Z', 10), page('12h', '2023-01-01T00:00Z', 12)];

interface Kind {
  land(store: ObjectStore, news: 'first' | 'early' | 'late'): Promise<void>;
  refine(store: ObjectStore, runId: string): Promise<unknown>;
}

const world = { clock: { nowMs: () => 0 }, codeHash: 'code 1', outOfTime: () => false, features: FEW_FEATURES };
const ANSWERS: Readonly<Record<'first' | 'early' | 'late', readonly SeriesAnswer[]>> = {
  first: FIRST,
  early: EARLY,
  late: LATE,
};
const FUNDING_DAYS = { first: [0, 2], early: [2, 5], late: [5, 40] } as const;

const KINDS: Readonly<Record<string, Kind>> = {
  'a series': {
    async land(store, news) {
      await landAll(store, await Promise.all(ANSWERS[news].map((one) => landedObject({ series: SERIES, ...one }))));
    },
    refine: (store, runId) => refine({ runId, series: SERIES }, { store, ...world }),
  },
  'a stream': {
    async land(store, news) {
      const [from, to] = FUNDING_DAYS[news].map((day) => JANUARY.fromMs + day * DAY_MS) as [number, number];
      const rows = [];
      for (let timeMs = from; timeMs < to; timeMs += DAY_MS / 3) {
        rows.push({ symbol: 'BTCUSDT', fundingTime: timeMs, fundingRate: '0.0001', markPrice: '42000.0' });
      }
      const body = JSON.stringify(rows);
      await landAnswer(store, { stream: FUNDING, source: 'rest', range: { fromMs: from, toMs: to }, body });
    },
    refine: (store, runId) => refineStream({ runId, stream: FUNDING }, { store, ...world }),
  },
};

/** A lake in which this has landed, refined if `refined`. */
async function lakeOf(kind: Kind, isThere: boolean): Promise<MemoryStore> {
  const store = memoryStore();
  await kind.land(store, 'first');
  if (isThere) await kind.refine(store, 'first');
  await kind.land(store, 'early');
  return store;
}

describe.each(Object.entries(KINDS))('%s', (_, kind) => {
  test.each([
    ['run that makes new shards', false],
    ['run that replaces shards', true],
  ])('a %s, overtaken at any put by a better informed run, leaves what that run made', async (__, isThere) => {
    const undisturbed = await lakeOf(kind, isThere);
    await kind.land(undisturbed, 'late');
    await kind.refine(undisturbed, 'undisturbed');
    const want = await madeIn(undisturbed);

    let tried = 0;
    for (let overtakenAt = 1, overtaken = true; overtaken; overtakenAt++) {
      const lake = await lakeOf(kind, isThere);
      overtaken = false;
      let puts = 0;
      const slow: ObjectStore = {
        ...lake,
        async put(key, bytes, condition) {
          if (++puts === overtakenAt && !key.startsWith('runs/')) {
            overtaken = true;
            await kind.land(lake, 'late');
            await kind.refine(lake, 'better');
            expect(await madeIn(lake)).toEqual(want);
          }
          return lake.put(key, bytes, condition);
        },
      };
      await kind.refine(slow, 'slow');
      if (!overtaken) break;
      expect(await madeIn(lake)).toEqual(want);
      expect(await lakeFaults(lake)).toEqual([]);
      tried++;
    }
    expect(tried).toBeGreaterThan(isThere ? 2 : 1);
  });
});
