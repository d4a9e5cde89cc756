import { folderObjectStore } from '../../../lib/adapters/local/folder-object-store.ts';
import { lakeAsOf } from '../../../lib/lake/as-of/lake-as-of.ts';
import { manifestKey, versionKey, versionsPrefix } from '../../../lib/lake/keys.ts';
import { listHistories } from '../../../lib/lake/versions/shard-history.ts';
import { candleRow } from '../../support/candles.ts';
import { btc, lakeOfEveryFeature, page } from '../../support/refined-lake.ts';

const SERIES = btc('12h');
const day = (n: number) => Date.parse(`2026-01-0${n}T00:00Z`);
const NOW_MS = day(9);

/** Three versions of one shard, one a day from the second on, and the version that is read as of each day. */
async function threeVersions() {
  const lake = lakeOfEveryFeature(SERIES);
  await lake.land(page('12h', '2021-11-01T00:00Z', 60));
  for (const n of [2, 3, 4]) {
    await lake.land({ source: 'archive_daily', rows: [candleRow('12h', Date.parse('2021-11-20'), n)] });
    await lake.refine({ nowMs: day(n) });
  }
  const [history] = await listHistories(lake.store);
  const asOf = async (n: number) => (await lakeAsOf(lake.store, day(n), NOW_MS))[0]!.version.publishedAtMs;
  return { store: folderObjectStore(lake.store.url), versions: history!.versions, asOf };
}

test('of each shard the newest version published by then', async () => {
  const { asOf } = await threeVersions();
  expect(await Promise.all([2, 3, 4, 5].map(asOf))).toEqual([2, 3, 4, 4].map(day));
  await expect(asOf(1)).rejects.toThrow('had published nothing by 2026-01-01T00:00:00Z');
});

test.each([
  // The first: nobody knows whether anything stood on the first day.
  [0, [1, 2], [3, 4]],
  [1, [2, 3], [4]],
])('where the record of version %i is gone, no other is given for it', async (gone, refused, answered) => {
  const { store, versions, asOf } = await threeVersions();
  await store.remove(versionKey(versions[gone]!));
  const message = `has no record of version ${versions[gone]!.manifest12}, which may be what stood then`;
  for (const n of refused) {
    await expect(asOf(n)).rejects.toMatchObject({ name: 'CorruptObject', message: expect.stringContaining(message) });
  }
  expect(await Promise.all(answered.map(asOf))).toEqual(answered.map(day));
});

/** Two shards, of two versions each: a candle of the first was restated. */
async function twoShards() {
  const lake = lakeOfEveryFeature(SERIES);
  await lake.land(page('12h', '2021-12-01T00:00Z', 100));
  await lake.refine({ nowMs: day(2) });
  await lake.land({ source: 'archive_daily', rows: [candleRow('12h', Date.parse('2021-12-20'), 99)] });
  await lake.refine({ nowMs: day(3) });
  const store = folderObjectStore(lake.store.url);
  const without = async (prefix: string) => {
    for (const { key } of await store.list(prefix)) await store.remove(key);
  };
  return { ...lake, store, without };
}

test('a shard is not left out of the lake as it was because nothing of it is recorded', async () => {
  const { store, without } = await twoShards();
  expect(await lakeAsOf(store, day(4), NOW_MS)).toHaveLength(2);
  await without(versionsPrefix(SERIES, '2021'));
  await expect(lakeAsOf(store, day(4), NOW_MS)).rejects.toThrow('period=2021/ has no record of version');
});

test('nor the last, which no version follows; while it is made for the first time it is', async () => {
  const { store, without } = await twoShards();
  await without(versionsPrefix(SERIES, '2022'));
  await expect(lakeAsOf(store, day(4), NOW_MS)).rejects.toMatchObject({
    name: 'CorruptObject',
    message: expect.stringContaining(`${manifestKey(SERIES, '2022')} is of no version that is recorded`),
  });
  await store.put(manifestKey(SERIES, '2022'), Buffer.from('null\n'));
  expect(await lakeAsOf(store, day(4), NOW_MS)).toHaveLength(1);
});
