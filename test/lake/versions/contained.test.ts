import { sha256 } from '../../../lib/domain/sha256.ts';
import { TABLES } from '../../../lib/domain/tables.ts';
import { rebuildVersion } from '../../../lib/lake/as-of/rebuild.ts';
import { readVersionTable } from '../../../lib/lake/as-of/version-table.ts';
import { landingKey, versionKey } from '../../../lib/lake/keys.ts';
import type { VersionRecord } from '../../../lib/lake/versions/contract.ts';
import { listHistories, type ShardHistory, versionOf } from '../../../lib/lake/versions/shard-history.ts';
import { readVersion } from '../../../lib/lake/versions/version-record.ts';
import { candleRows } from '../../support/candles.ts';
import type { SeriesAnswer } from '../../support/landing.ts';
import { btc, lakeOfEveryFeature, page, type RefinedLake } from '../../support/refined-lake.ts';

const SERIES = btc('4h');
const DAY = Date.parse('2024-02-01');
const DAY_RANGE = { fromMs: DAY, toMs: Date.parse('2024-02-02') };
const open = (count: number, fetchedAtMs: number, seed = 1): SeriesAnswer => ({
  source: 'rest',
  rows: candleRows('4h', '2024-02-01T00:00Z', count, seed),
  openPageMs: DAY,
  fetchedAtMs,
});

/** Growing answers, one that differs, the whole page, the file of the day: each refined as it lands. */
const STEPS: readonly SeriesAnswer[] = [
  page('4h', '2024-01-01T00:00Z', 186, { fetchedAtMs: 1 }),
  open(1, 10),
  open(2, 20),
  open(3, 30, 2),
  open(4, 40),
  page('4h', '2024-02-01T00:00Z', 6, { fetchedAtMs: 50 }),
  page('4h', '2024-02-01T00:00Z', 6, { source: 'archive_daily', range: DAY_RANGE, fetchedAtMs: 60 }),
  page('4h', '2024-02-03T00:00Z', 7, { fetchedAtMs: 70 }),
];

let lake: RefinedLake;
let history: ShardHistory;
let versions: VersionRecord[];
beforeAll(async () => {
  lake = lakeOfEveryFeature(SERIES);
  for (const answer of STEPS) {
    await lake.land(answer);
    await lake.refine();
  }
  [history] = (await listHistories(lake.store)) as [ShardHistory];
  versions = await Promise.all(history.versions.map((id) => versionOf(lake.store, id)));
});

test('a version names what counted for it: each answer is in a record, and the newest names no contained one', () => {
  expect(versions).toHaveLength(STEPS.length);
  const named = new Set(versions.flatMap(({ manifest }) => manifest.inputs.map(({ key }) => key)));
  expect(named.size).toBe(STEPS.length);
  const last = versions.at(-1)!.manifest.inputs.map(({ key }) => key.slice(landingPlace().length));
  expect(last.map((key) => key.slice(0, key.lastIndexOf('/')))).toEqual([
    'open=20240201T000000Z/source=rest/20240201T000000Z-20240201T120000Z',
    'source=archive_daily/2024-02-01',
    'source=rest/20240101T000000Z-20240201T000000Z',
    'source=rest/20240203T000000Z-20240204T040000Z',
  ]);
});

test('every version is read as it was, and made again from bytes that count no more', async () => {
  for (const [index, version] of versions.entries()) {
    const made = await rebuildVersion(lake.store, version);
    for (const table of TABLES) {
      const { key, sha256: expected } = version.manifest.outputs[table];
      expect(sha256((await made.get(key))!)).toBe(expected);
      const read = await readVersionTable(lake.store, { history, index, version }, table, 'code 1');
      expect(sha256(read)).toBe(expected);
    }
  }
});

test('a record is as long as what is new in it; its archive files are in a list that is stored once', async () => {
  const stored = await lake.store.list('versions/');
  const lists = stored.filter(({ key }) => key.includes('/files/'));
  expect(lists).toHaveLength(1);
  const records = history.versions.map((id) => stored.find(({ key }) => key === versionKey(id))!.sizeBytes);
  expect(records.at(-1)!).toBeLessThan(records[3]! + 400);
});

test('a record of earlier code, which names its archive files itself, is read as well', async () => {
  const key = versionKey(history.versions.at(-1)!);
  const record = (await readVersion(lake.store, key))!;
  const old = Buffer.from(`${JSON.stringify({ ...record, recordSha256: sha256(JSON.stringify(record)) })}\n`);
  await lake.store.put(key, old);
  expect(await readVersion(lake.store, key)).toEqual(record);
  const damaged = { ...record, runId: 'another', recordSha256: sha256(JSON.stringify(record)) };
  await lake.store.put(key, Buffer.from(JSON.stringify(damaged)));
  expect(await readVersion(lake.store, key)).toBeUndefined();
  await lake.store.put(key, old);
});

test('without its list a record is not valid, and the list must have the hash that the record names', async () => {
  const fresh = lakeOfEveryFeature(SERIES);
  for (const answer of STEPS.slice(5, 7)) await fresh.land(answer);
  await fresh.refine();
  const key = (await fresh.store.list('versions/'))
    .map((object) => object.key)
    .find((one) => !one.includes('/files/'))!;
  const list = (await fresh.store.list('versions/')).find((object) => object.key.includes('/files/'))!.key;
  expect((await readVersion(fresh.store, key))!.manifest.inputs).toHaveLength(1);
  await fresh.store.put(list, Buffer.from('[]'));
  expect(await readVersion(fresh.store, key)).toBeUndefined();
});

test('a lake of earlier code, with a window for each candle, is read once and then as a lake of now', async () => {
  const old = lakeOfEveryFeature(SERIES);
  const times = Array.from({ length: 24 }, (_, index) => new Date(DAY + index * 4 * 3_600_000).toISOString());
  for (const [index, time] of times.entries()) await old.land(page('4h', time, 1, { fetchedAtMs: index + 1 }));
  await old.land(page('4h', '2024-02-01T00:00Z', 18, { fetchedAtMs: 100, openPageMs: Date.parse('2024-02-03') }));
  await old.refine();
  const manifest = async () => (await old.report()).shards[0]!;
  expect((await manifest()).candles).toBe(24);
  const [record] = (await listHistories(old.store))[0]!.versions;
  expect((await versionOf(old.store, record!)).manifest.inputs).toHaveLength(1 + 6);
  expect((await old.periods()).recomputed).toEqual([]);
});

function landingPlace(): string {
  const key = landingKey({ series: SERIES, source: 'rest', range: DAY_RANGE, sha256: '' });
  return key.slice(0, key.indexOf('source='));
}
