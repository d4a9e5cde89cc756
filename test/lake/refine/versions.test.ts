import { sha256 } from '../../../lib/domain/sha256.ts';
import { TABLES, type Table } from '../../../lib/domain/tables.ts';
import { readVersionTable } from '../../../lib/lake/as-of/version-table.ts';
import { manifestKey, parseVersionKey, tableKey, VERSIONS_PREFIX, versionsPrefix } from '../../../lib/lake/keys.ts';
import { voidManifest } from '../../../lib/lake/manifest/manifest.ts';
import type { VersionRecord } from '../../../lib/lake/versions/contract.ts';
import { listHistories } from '../../../lib/lake/versions/shard-history.ts';
import { readVersion } from '../../../lib/lake/versions/version-record.ts';
import { SWEEP_STEP, saySwept } from '../../chaos/sweep-step.ts';
import { candleRow } from '../../support/candles.ts';
import type { SeriesAnswer } from '../../support/landing.ts';
import { btc, page, type RefinedLake, refinedLake } from '../../support/refined-lake.ts';
import { madeIn } from '../../support/store.ts';

const SERIES = btc('12h');
const [Y2021, Y2022] = [page('12h', '2021-11-01T00:00Z', 122), page('12h', '2022-01-01T00:00Z', 100)];
const restated = (time: string) => ({
  source: 'archive_daily' as const,
  rows: [candleRow('12h', Date.parse(time), 99)],
});

async function lakeWith(...answers: readonly SeriesAnswer[]): Promise<RefinedLake> {
  const lake = refinedLake(SERIES);
  await lake.land(...answers);
  await lake.refine();
  return lake;
}

async function versionsOf({ store }: RefinedLake, period: string): Promise<VersionRecord[]> {
  const keys = (await store.list(VERSIONS_PREFIX)).map(({ key }) => key);
  const records = await Promise.all(
    keys.filter((key) => parseVersionKey(key)?.period === period).map((key) => readVersion(store, key)),
  );
  return records.map((record) => record!);
}

const reasonsOf = async (lake: RefinedLake, period: string) =>
  (await versionsOf(lake, period)).map(({ reason }) => reason);

/** The bytes of a table of a version: kept, or cut out of what grew from it; never made again, for want of its code. */
async function tableOf({ store, series }: RefinedLake, version: VersionRecord, table: Table): Promise<Uint8Array> {
  const { period } = version.manifest;
  const [history] = await listHistories(store, versionsPrefix(series, period));
  const index = history!.versions.findIndex(({ manifest12 }) => version.manifestSha256.startsWith(manifest12));
  return readVersionTable(store, { history: history!, index, version }, table, 'other code');
}

async function bytesInPlace({ store, series }: RefinedLake, period: string): Promise<Record<Table, Uint8Array>> {
  const entries = TABLES.map(async (table) => [table, (await store.get(tableKey(table, series, period)))!] as const);
  return Object.fromEntries(await Promise.all(entries)) as Record<Table, Uint8Array>;
}

test('a version is recorded when its objects stand and before its manifest does', async () => {
  const lake = await lakeWith(Y2021);
  const { puts } = lake.store;
  const at = puts.findIndex((key) => key.startsWith(VERSIONS_PREFIX));
  expect(puts.slice(at - 4, at).every((key) => key.endsWith('.parquet') || key.endsWith('.bin'))).toBe(true);
  expect(puts[at + 1]).toMatch(/^manifests\//);
  const [version] = await versionsOf(lake, '2021');
  expect(version).toMatchObject({ reason: 'created', runId: 'run', restated: [] });
  expect(version!.sources).toEqual([{ source: 'rest', candles: 122 }]);
  expect(version!.manifestSha256).toBe((await lake.report()).shards[0]!.manifestSha256);
});

describe('why a version came to be', () => {
  test('nothing new: none', async () => {
    const lake = await lakeWith(Y2021);
    await lake.refine();
    await voidManifest(lake.store, manifestKey(SERIES, '2021'));
    expect((await lake.periods()).recomputed).toEqual(['2021']);
    expect(await reasonsOf(lake, '2021')).toEqual(['created']);
  });

  test('more candles: extended, and in the shard before labels are decided; nothing is kept', async () => {
    const lake = await lakeWith(Y2021, page('12h', '2022-01-01T00:00Z', 20));
    const before = { 2021: await bytesInPlace(lake, '2021'), 2022: await bytesInPlace(lake, '2022') };
    await lake.land(page('12h', '2022-01-11T00:00Z', 30), page('12h', '2022-01-26T00:00Z', 50));
    await lake.refine();
    expect(await reasonsOf(lake, '2021')).toEqual(['created', 'labels_decided']);
    expect(await reasonsOf(lake, '2022')).toEqual(['created', 'extended']);
    expect((await lake.store.list(VERSIONS_PREFIX)).filter(({ key }) => key.endsWith('.parquet'))).toEqual([]);
    for (const period of ['2021', '2022'] as const) {
      const [first] = await versionsOf(lake, period);
      const now = await bytesInPlace(lake, period);
      expect(sha256(now.labels)).not.toBe(sha256(before[period].labels));
      for (const table of TABLES) {
        expect(Buffer.compare(await tableOf(lake, first!, table), before[period][table])).toBe(0);
      }
    }
  });

  test('the first candles of a shard that was but a ledger: extended, and its tables are kept', async () => {
    const range = { fromMs: Date.parse('2021-10-01'), toMs: Date.parse('2021-11-01') };
    const lake = await lakeWith({ source: 'rest', rows: [], range });
    const before = await bytesInPlace(lake, '2021');
    await lake.land(Y2021);
    await lake.refine();
    const [first, second] = await versionsOf(lake, '2021');
    expect([first, second]).toMatchObject([
      { reason: 'created' },
      { reason: 'extended', restated: ['candles', 'features', 'labels'] },
    ]);
    expect(second).not.toHaveProperty('revision');
    for (const table of TABLES) expect(Buffer.compare(await tableOf(lake, first!, table), before[table])).toBe(0);
  });

  test('the archive in the place of REST: other sources, which the old version has its own of', async () => {
    const lake = await lakeWith(Y2021);
    const before = await bytesInPlace(lake, '2021');
    const days = ['05', '06', '07', '08', '09'].map((day) => page('12h', `2021-11-${day}T00:00Z`, 2));
    await lake.land(...days.map((day) => ({ ...day, source: 'archive_daily' as const })));
    await lake.refine();
    const [first, second] = await versionsOf(lake, '2021');
    expect(second).toMatchObject({ reason: 'source_replaced', replaces: first!.manifestSha256, restated: [] });
    expect(second!.sources.map(({ candles }) => candles)).toEqual([8, 10, 104]);
    expect(Buffer.compare(await tableOf(lake, first!, 'candles'), before.candles)).toBe(0);
  });

  test('a candle restated: revised, what it was is kept, and so are the shards after it', async () => {
    const lake = await lakeWith(Y2021, Y2022);
    const before = { 2021: await bytesInPlace(lake, '2021'), 2022: await bytesInPlace(lake, '2022') };
    await lake.land(restated('2021-11-20T12:00Z'), restated('2021-11-22T00:00Z'));
    await lake.refine();
    const [[first, second], [third, fourth]] = [await versionsOf(lake, '2021'), await versionsOf(lake, '2022')];
    expect(second).toMatchObject({ reason: 'revised', restated: TABLES });
    const [firstMs, lastMs] = ['2021-11-20T12:00Z', '2021-11-22T00:00Z'].map(Date.parse);
    expect(second!.revision).toEqual({ changed: 2, added: 0, removed: 0, firstMs, lastMs });
    expect(fourth).toMatchObject({ reason: 'earlier_revised' });
    expect(fourth!.restated).toContain('features');
    for (const table of TABLES) {
      expect(Buffer.compare(await tableOf(lake, first!, table), before[2021][table])).toBe(0);
      expect(Buffer.compare(await tableOf(lake, third!, table), before[2022][table])).toBe(0);
    }
  });

  test('a hole healed: candles added', async () => {
    const lake = await lakeWith(page('12h', '2021-11-01T00:00Z', 10), page('12h', '2021-11-10T00:00Z', 10));
    await lake.land(page('12h', '2021-11-06T00:00Z', 8));
    await lake.refine();
    expect((await versionsOf(lake, '2021'))[1]).toMatchObject({
      reason: 'revised',
      revision: { changed: 0, added: 8, removed: 0, firstMs: Date.parse('2021-11-06T00:00Z') },
    });
  });

  test('a candle restated that only labels of the shard before look at: those labels are kept', async () => {
    const lake = await lakeWith(Y2021, Y2022);
    const before = await bytesInPlace(lake, '2021');
    await lake.land(restated('2022-01-02T00:00Z'));
    await lake.refine();
    const [first, second] = await versionsOf(lake, '2021');
    expect(second).toMatchObject({ reason: 'later_revised', restated: ['labels'] });
    for (const table of TABLES) expect(Buffer.compare(await tableOf(lake, first!, table), before[table])).toBe(0);
  });

  test('other code: everything is kept', async () => {
    const lake = await lakeWith(Y2021);
    const before = await bytesInPlace(lake, '2021');
    await lake.refine({ codeHash: 'code 2' });
    const [first, second] = await versionsOf(lake, '2021');
    // The bytes are the same, for the code is; nothing has to be kept.
    expect(second).toMatchObject({ reason: 'code_changed', restated: [] });
    for (const table of TABLES) expect(Buffer.compare(await tableOf(lake, first!, table), before[table])).toBe(0);
  });

  test('a clock that is behind does not put a version before the one it replaces', async () => {
    const lake = await lakeWith(Y2021);
    await lake.land(restated('2021-11-20T12:00Z'));
    await lake.refine({ nowMs: 1 });
    const [first, second] = await versionsOf(lake, '2021');
    expect(second!.reason).toBe('revised');
    expect(second!.publishedAtMs).toBe(first!.publishedAtMs + 1);
  });
});

test('a revision that stops at a put leaves the version before whole, and the next run completes it', async () => {
  const undisturbed = await lakeWith(Y2021, Y2022);
  const before = await bytesInPlace(undisturbed, '2021');
  // A run that only grew the shard stopped in the middle, too: what it had put in place is no version.
  const growth = page('12h', '2022-04-10T00:00Z', 5);
  await undisturbed.land(restated('2021-11-20T12:00Z'), restated('2022-01-20T12:00Z'), growth);
  await undisturbed.refine();
  const want = await madeIn(undisturbed.store);
  let stopped = true;
  let tried = 0;
  for (let put = 1; stopped; put += SWEEP_STEP) {
    tried++;
    const lake = await lakeWith(Y2021, Y2022);
    const [old2022, [v2021]] = [await bytesInPlace(lake, '2022'), await versionsOf(lake, '2021')];
    const [v2022] = await versionsOf(lake, '2022');
    await lake.land(growth);
    lake.store.failAtPut(1 + ((2 * put) % 7));
    await lake.refine().catch(() => {});
    lake.store.failAtPut(undefined);
    await lake.land(restated('2021-11-20T12:00Z'), restated('2022-01-20T12:00Z'));
    lake.store.failAtPut(put);
    stopped = await lake.refine().then(
      () => false,
      () => true,
    );
    lake.store.failAtPut(undefined);
    await lake.refine();
    expect(await madeIn(lake.store)).toEqual(want);
    for (const table of TABLES) {
      expect(Buffer.compare(await tableOf(lake, v2021!, table), before[table])).toBe(0);
      expect(Buffer.compare(await tableOf(lake, v2022!, table), old2022[table])).toBe(0);
    }
    expect((await reasonsOf(lake, '2021')).at(-1)).toBe('revised');
  }
  saySwept('revisions stopped at a put', tried);
});
