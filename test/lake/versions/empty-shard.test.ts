import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { codeHashes } from '../../../lib/adapters/local/code-hash.ts';
import type { DatasetManifest } from '../../../lib/dataset/contract.ts';
import { TABLES } from '../../../lib/domain/tables.ts';
import type { AuditReport } from '../../../lib/lake/audit/contract.ts';
import { datasetKey, tableKey, versionsPrefix } from '../../../lib/lake/keys.ts';
import type { DatasetRecord } from '../../../lib/lake/versions/dataset-record.ts';
import { findVersion, listHistories } from '../../../lib/lake/versions/shard-history.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { fail, tell } from '../../support/landing.ts';
import { btc, lakeOfEveryFeature, page, type RefinedLake } from '../../support/refined-lake.ts';
import { madeIn } from '../../support/store.ts';
import { saidBy } from '../../support/terminal.ts';
import { at } from '../../support/time.ts';

const RANGE = [
  '--symbols',
  'BTCUSDT',
  '--interval',
  '1h',
  '--from',
  '2023-12-05',
  '--to',
  '2024-01-25',
  '--folds',
  '2',
];
const BEHIND = { fromMs: at('2024-02-01'), toMs: at('2024-02-02') };

/**
 * A symbol that turns out to have been settled when the year ended, and then not to have been: its shard of 2024 had
 * candles, loses all of them, and has them again.
 */
let lake: RefinedLake;
let whole: string;
let settled: string;
const said = async (...args: string[]) => {
  const { code, out, err } = await saidBy([...args, '--lake', lake.store.url]);
  expect([code, err]).toEqual([0, '']);
  return out;
};
const idOf = async (...more: string[]) =>
  /^dataset ([0-9a-f]{64})\n$/.exec(await said('dataset', ...RANGE, '--id-only', ...more))![1]!;
const ask = async (sql: string, asOf?: string) =>
  JSON.parse(await said('query', sql, '--json', ...(asOf === undefined ? [] : ['--as-of', asOf]))) as unknown;
const COUNTS = 'SELECT count(*)::INT AS candles FROM candles WHERE period = 2024';
const GAPS =
  'SELECT class, sum(intervals)::INT AS intervals FROM gaps WHERE period = 2024 GROUP BY class ORDER BY class';
const failedAt = (atMs: number) =>
  fail(lake, { source: 'archive_daily', range: BEHIND, asOfMs: at('2026-01-01'), atMs });

beforeAll(async () => {
  lake = lakeOfEveryFeature(btc('1h'));
  await lake.land(page('1h', '2023-12-01T00:00Z', 744), page('1h', '2024-01-01T00:00Z', 744));
  await failedAt(1);
  await lake.refine({ codeHash: codeHashes().candles, nowMs: at('2026-01-01') });
  whole = await idOf();
  await tell(lake, { evidence: 'exchange_info', settledMs: at('2024-01-01') });
  await lake.refine({ codeHash: codeHashes().candles, nowMs: at('2026-01-02') });
  settled = await idOf();
});

test('it is a version like any other, and what it replaces is kept', async () => {
  const out = await said('history', '--shard', '2024');
  expect(out).toMatch(
    /created\n[\s\S]*744 candles; manifest \w{12}; run run\n {4}candles, features, gaps, labels kept\n/,
  );
  expect(out).toMatch(
    /revised: candles that it had\n {4}744 removed, from 2024-01-01 00:00 to 2024-01-31 23:00\n[\s\S]* 0 candles/,
  );
});

test('as of before it is full, as of after it is empty; its ledger says why', async () => {
  expect(await ask(COUNTS, '2026-01-01')).toEqual([{ candles: 744 }]);
  expect(await ask(GAPS, '2026-01-01')).toEqual([{ class: 'fetch_failed', intervals: 24 }]);
  for (const asOf of ['2026-01-02', undefined]) {
    expect(await ask(COUNTS, asOf)).toEqual([{ candles: 0 }]);
    expect(await ask(GAPS, asOf)).toEqual([{ class: 'settled', intervals: 768 }]);
  }
});

test('an audit finds nothing wrong with it, and if it is damaged has it made again, to the same bytes', async () => {
  const audited = async (...more: string[]) => {
    const { out } = await saidBy(['audit', '--offline', '--json', ...more, '--lake', lake.store.url]);
    const { findings, repaired } = JSON.parse(out) as AuditReport;
    // The receipts of this lake name a server that does not belong to the exchange.
    return { places: findings.filter(({ check }) => check !== 'landing').map(({ place }) => place), repaired };
  };
  expect(await audited()).toEqual({ places: [], repaired: { shards: 0, kept: 0, landed: 0 } });
  const whole = await madeIn(lake.store);
  const key = tableKey('features', lake.series, '2024');
  await lake.store.put(
    key,
    (await lake.store.get(key))!.map((byte, at) => (at === 100 ? byte ^ 1 : byte)),
  );
  expect(await audited('--repair')).toEqual({ places: [key], repaired: { shards: 1, kept: 0, landed: 0 } });
  await lake.refine({ codeHash: codeHashes().candles });
  expect(await madeIn(lake.store)).toEqual(whole);
});

test('a dataset over it has its other rows, and so has the lake as it stood', async () => {
  const out = join(temporaryFolder(), 'pack');
  const manifest = JSON.parse(await said('dataset', ...RANGE, '--out', out, '--json')) as DatasetManifest;
  expect(manifest.id).toBe(settled);
  expect(manifest.files.map(({ key }) => key)).toEqual(['data/BTCUSDT-2023.parquet', 'scaling.parquet']);
  expect(settled).not.toBe(whole);
  expect(await idOf('--as-of', '2026-01-01')).toBe(whole);
});

test('both are verified by the listing of that time, whatever failure was reported since', async () => {
  await failedAt(2);
  for (const id of [whole, settled]) {
    const report = JSON.parse(await said('verify', id, '--json')) as { compared: number };
    expect(report.compared).toBeGreaterThanOrEqual(2 * 4 + 1);
  }
  const facts = async (id: string) => {
    const record = JSON.parse(Buffer.from((await lake.store.get(datasetKey(id)))!).toString()) as DatasetRecord;
    const histories = await listHistories(lake.store);
    const version = await findVersion(lake.store, histories, lake.series, record.shards.at(-1)!);
    return version!.madeFrom!.facts;
  };
  expect([(await facts(whole)).length, (await facts(settled)).length]).toEqual([0, 1]);
});

test('with all its candles again the empty version is not lost, and is made again if it was not kept', async () => {
  await tell(lake, { evidence: 'exchange_info', settledMs: at('2025-01-01') });
  await lake.refine({ codeHash: codeHashes().candles, nowMs: at('2026-01-03') });
  expect(await ask(COUNTS)).toEqual([{ candles: 744 }]);
  expect(await ask(COUNTS, '2026-01-02')).toEqual([{ candles: 0 }]);
  expect(await ask(GAPS, '2026-01-02')).toEqual([{ class: 'settled', intervals: 768 }]);
  for (const { key } of await lake.store.list(versionsPrefix(lake.series, '2024'))) {
    if (/\/(candles|features|labels)\.parquet$/.test(key)) rmSync(join(lake.store.url, key));
  }
  expect(await ask(COUNTS, '2026-01-02')).toEqual([{ candles: 0 }]);
  expect(await ask(COUNTS, '2026-01-01')).toEqual([{ candles: 744 }]);
  const now = await lake.store.list('');
  for (const table of TABLES) expect(now.map(({ key }) => key)).toContain(tableKey(table, lake.series, '2024'));
  expect((await saidBy(['verify', whole, '--lake', lake.store.url])).code).toBe(0);
  expect((await saidBy(['verify', settled, '--lake', lake.store.url])).code).toBe(0);
});
