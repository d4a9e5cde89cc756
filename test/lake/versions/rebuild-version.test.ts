import { sha256 } from '../../../lib/domain/sha256.ts';
import { TABLES } from '../../../lib/domain/tables.ts';
import { rebuildVersion } from '../../../lib/lake/as-of/rebuild.ts';
import { versionKey } from '../../../lib/lake/keys.ts';
import type { VersionRecord } from '../../../lib/lake/versions/contract.ts';
import { listHistories, versionOf } from '../../../lib/lake/versions/shard-history.ts';
import { candleRow } from '../../support/candles.ts';
import { fail, type SeriesAnswer, tell } from '../../support/landing.ts';
import { btc, lakeOfEveryFeature, page, type RefinedLake } from '../../support/refined-lake.ts';
import { at } from '../../support/time.ts';

const SERIES = btc('12h');

/** Every version of every shard, oldest first. */
async function versionsOf({ store }: RefinedLake): Promise<VersionRecord[]> {
  const ids = (await listHistories(store)).flatMap(({ versions }) => versions);
  return Promise.all(ids.map((id) => versionOf(store, id)));
}

/** Tables that come out otherwise when each version is made again. */
async function otherTables(lake: RefinedLake): Promise<string[]> {
  const others: string[] = [];
  for (const version of await versionsOf(lake)) {
    const made = await rebuildVersion(lake.store, version);
    for (const table of TABLES) {
      const { key, sha256: expected } = version.manifest.outputs[table];
      const bytes = await made.get(key);
      if (!bytes || sha256(bytes) !== expected) others.push(`${version.reason} ${key}`);
    }
  }
  return others;
}

/** A month of the archive: the market, and from an instant on a price that stands still without a trade. */
function monthFrozenSince(month: string, until: string, frozenSince: string): SeriesAnswer {
  const rows: string[] = [];
  for (let timeMs = at(month); timeMs < at(until); timeMs += 43_200_000) {
    const frozen = [timeMs, 7, 7, 7, 7, 0, timeMs + 43_199_999, 0, 0, 0, 0, 0].join(',');
    rows.push(timeMs < at(frozenSince) ? candleRow('12h', timeMs) : frozen);
  }
  return { source: 'archive_monthly', rows, range: { fromMs: at(month), toMs: at(until) } };
}

test('where what tells the end of the symbol landed for a later period', async () => {
  const lake = lakeOfEveryFeature(SERIES);
  await lake.land(monthFrozenSince('2021-12-01', '2022-01-01', '2021-12-30'));
  await lake.land(monthFrozenSince('2022-01-01', '2022-02-01', '2021-12-30'));
  await tell(lake, { evidence: 'archive', listedMs: at('2021-12-01'), settledMs: at('2022-02-01') });
  await lake.refine();
  const [only] = await versionsOf(lake);
  expect(only!.manifest.report.accounted.settled!.intervals).toBeGreaterThan(60);
  expect(await otherTables(lake)).toEqual([]);
});

test('after a failure got other words or landed, and after a shard before it came and was emptied', async () => {
  const lake = lakeOfEveryFeature(SERIES);
  const range = { fromMs: at('2022-01-21'), toMs: at('2022-01-22') };
  const failure = { source: 'archive_daily' as const, range, asOfMs: at('2023-01-01') };
  await lake.land(page('12h', '2022-01-01T00:00Z', 40));
  await fail(lake, { ...failure, atMs: 1 });
  await lake.refine();
  await fail(lake, { ...failure, atMs: 2 });
  await lake.refine();
  await lake.land(page('12h', '2020-12-25T00:00Z', 5), { ...page('12h', '2022-01-21T00:00Z', 2), ...failure });
  await lake.refine();
  await tell(lake, { evidence: 'exchange_info', listedMs: at('2021-06-01') });
  await lake.refine();
  const versions = await versionsOf(lake);
  expect(versions.map(({ manifest, reason }) => `${manifest.period} ${reason}`)).toEqual([
    '2020 created',
    '2020 revised',
    '2022 created',
    '2022 evidence_changed',
    '2022 earlier_revised',
    '2022 earlier_revised',
  ]);
  expect(await otherTables(lake)).toEqual([]);
});

test('a version that continues one whose record is gone cannot be made again, and says so', async () => {
  const lake = lakeOfEveryFeature(SERIES);
  await lake.land(page('12h', '2021-12-01T00:00Z', 80));
  await lake.refine();
  const [, second] = await versionsOf(lake);
  const orphan = { ...second!, follows: { period: '2021', manifestSha256: 'f'.repeat(64) } };
  await expect(rebuildVersion(lake.store, orphan)).rejects.toThrow(/^version f{64} of .* 2021 is not recorded in /);
});

test('nor can one that was recorded before records said what theirs were made from', async () => {
  const lake = lakeOfEveryFeature(SERIES);
  await lake.land(page('12h', '2021-12-01T00:00Z', 40));
  await lake.refine();
  const id = (await listHistories(lake.store))[0]!.versions[0]!;
  const { madeFrom: _, ...record } = await versionOf(lake.store, id);
  await lake.store.put(versionKey(id), Buffer.from(JSON.stringify(record)));
  const old = await versionOf(lake.store, id);
  expect(old.madeFrom).toBeUndefined();
  await expect(rebuildVersion(lake.store, old)).rejects.toMatchObject({
    name: 'CorruptObject',
    message: expect.stringMatching(/^record of version [0-9a-f]{12} of .* 2021 does not say what it was made from/),
  });
});
