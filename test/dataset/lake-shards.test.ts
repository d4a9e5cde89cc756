import { parseDatasetRequest } from '../../lib/dataset/dataset-request.ts';
import { identify } from '../../lib/dataset/identify.ts';
import { listLakeShards } from '../../lib/dataset/lake-shards.ts';
import { manifestKey, VERSIONS_PREFIX } from '../../lib/lake/keys.ts';
import { type MemoryStore, memoryStore } from '../../lib/lake/memory-store.ts';
import type { ObjectStore } from '../../lib/ports.ts';
import { btc, lakeOfEveryFeature, page } from '../support/refined-lake.ts';

const SERIES = btc('12h');
const REQUEST = parseDatasetRequest({ symbols: ['BTCUSDT'], interval: '12h', from: '2021-12-01', to: '2022-02-01' });
const [FIRST, LAST] = [manifestKey(SERIES, '2021'), manifestKey(SERIES, '2022')];

let whole: ObjectStore;
beforeAll(async () => {
  const lake = lakeOfEveryFeature(SERIES);
  await lake.land(page('12h', '2021-12-01T00:00Z', 100));
  await lake.refine();
  whole = lake.store;
});

/** The lake without the objects that are not wanted, to do damage to. */
async function lakeOf(isWanted: (key: string) => boolean = () => true): Promise<MemoryStore> {
  const copy = memoryStore();
  for (const { key } of await whole.list('')) if (isWanted(key)) await copy.put(key, (await whole.get(key))!);
  return copy;
}

const periods = async (store: ObjectStore) => (await listLakeShards(store, REQUEST)).map(({ period }) => period);

test('the shards that have a valid manifest, even if no versions are recorded', async () => {
  expect(await periods(await lakeOf())).toEqual(['2021', '2022']);
  expect(await periods(await lakeOf((key) => !key.startsWith(VERSIONS_PREFIX)))).toEqual(['2021', '2022']);
});

test('a shard whose manifest is gone is not left out', async () => {
  await expect(periods(await lakeOf((key) => key !== LAST))).rejects.toMatchObject({
    name: 'CorruptObject',
    message: expect.stringContaining(`${LAST} is gone from`),
  });
});

test('a manifest that does not name every table is not valid, even if no version is recorded', async () => {
  const store = await lakeOf((key) => !key.startsWith(VERSIONS_PREFIX));
  await store.put(LAST, Buffer.from(Buffer.from(store.objects.get(LAST)!).toString().replace('"gaps"', '"gaqs"')));
  await expect(periods(store)).rejects.toMatchObject({
    name: 'CorruptObject',
    message: expect.stringContaining(`${LAST} is no manifest`),
  });
});

test('nothing of the range is in the lake: there is no id of it', async () => {
  const request = { ...REQUEST, fromMs: Date.parse('2025-01-01'), toMs: Date.parse('2025-02-01') };
  await expect(identify(request, { store: await lakeOf(), codeHash: 'code' })).rejects.toMatchObject({
    name: 'BadInput',
    message: expect.stringContaining('lake has 0 rows with signal of BTCUSDT at 12h from 2025-01-01'),
  });
});

test.each<[string, (bytes: Buffer) => Promise<Uint8Array>]>([
  ['of another shard', async () => (await whole.get(LAST))!],
  ['with another digit', async (bytes) => Buffer.from(bytes.toString().replace(/("sha256":")./, '$10'))],
])('a manifest %s is of no version that is recorded', async (_what, damage) => {
  const store = await lakeOf();
  await store.put(FIRST, await damage(Buffer.from(store.objects.get(FIRST)!)));
  await expect(periods(store)).rejects.toMatchObject({
    name: 'CorruptObject',
    message: expect.stringContaining(`${FIRST} is of no version that is recorded`),
  });
});
