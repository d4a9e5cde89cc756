import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeHashes } from '../../../lib/adapters/local/code-hash.ts';
import { parseDatasetRequest } from '../../../lib/dataset/dataset-request.ts';
import { describeDataset } from '../../../lib/dataset/describe-dataset.ts';
import { identify } from '../../../lib/dataset/identify.ts';
import { type VerifyReport, verify as verifyLake } from '../../../lib/dataset/verify.ts';
import { datasetKey } from '../../../lib/lake/keys.ts';
import { memoryStore } from '../../../lib/lake/memory-store.ts';
import type { DatasetRecord } from '../../../lib/lake/versions/dataset-record.ts';
import { encodeRecord, readDatasetRecord, recordDataset } from '../../../lib/lake/versions/dataset-record.ts';
import { encodeArrowTable } from '../../../lib/parquet/encode-arrow-table.ts';
import type { ObjectStore } from '../../../lib/ports.ts';
import { candleRow } from '../../support/candles.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { btc, lakeOfEveryFeature, page, type RefinedLake } from '../../support/refined-lake.ts';
import { putOver } from '../../support/store.ts';
import { saidBy } from '../../support/terminal.ts';

const SERIES = btc('1h');
const RANGE = ['--symbols', 'BTCUSDT', '--interval', '1h', '--from', '2023-12-20', '--to', '2024-01-25'];

let lake: RefinedLake;
let id: string;
let pack: string;
const at = () => ['--lake', lake.store.url];
const verify = async (given: string) => {
  const { code, out } = await saidBy(['verify', given, '--json', ...at()]);
  return { code, report: JSON.parse(out) as VerifyReport };
};
const readRecord = async () => (await readDatasetRecord(lake.store, id))!;
const record = (of: DatasetRecord) => lake.store.put(datasetKey(id), encodeRecord(of));

beforeAll(async () => {
  lake = lakeOfEveryFeature(SERIES);
  await lake.land(page('1h', '2023-12-01T00:00Z', 744), page('1h', '2024-01-01T00:00Z', 744));
  await lake.refine({ codeHash: codeHashes().candles, nowMs: Date.parse('2026-01-01') });
  pack = join(temporaryFolder(), 'pack');
  const { code, out, err } = await saidBy(['dataset', ...RANGE, '--folds', '2', '--out', pack, '--json', ...at()]);
  expect([code, err]).toEqual([0, '']);
  ({ id } = JSON.parse(out) as { id: string });
});

test('an id without a pack is that of the pack, and the files of the pack stay recorded', async () => {
  const { code, out } = await saidBy(['dataset', ...RANGE, '--folds', '2', '--id-only', ...at()]);
  expect([code, out]).toEqual([0, `dataset ${id}\n`]);
  expect((await readRecord()).files).toHaveLength(3);
});

test('made again from what had landed, everything is the same: tables, id and files', async () => {
  const { code, report } = await verify(id);
  expect(report.differences).toEqual([]);
  // Four tables of two shards, the id, two files of rows and the scaling.
  expect([code, report]).toMatchObject([0, { id, verified: true, shards: 2, files: 3, compared: 2 * 4 + 1 + 3 }]);
  expect((await verify(id.slice(0, 8))).code).toBe(0);
});

test('the folder of a pack names its dataset id; another manifest is refused', async () => {
  expect(await verify(pack)).toMatchObject({ code: 0, report: { id, verified: true } });
  const other = temporaryFolder();
  writeFileSync(join(other, 'manifest.json'), '{"name":"a page"}');
  const { code, err } = await saidBy(['verify', other, ...at()]);
  expect([code, err]).toEqual([
    2,
    `lake: ${other}/manifest.json must be the manifest of a training pack, with a dataset id\n`,
  ]);
});

test('a run of more candles keeps the id of a past range, and what landed since verifies it too', async () => {
  const past = [
    '--symbols',
    'BTCUSDT',
    '--interval',
    '1h',
    '--from',
    '2023-12-20',
    '--to',
    '2024-01-15',
    '--folds',
    '2',
  ];
  const idOf = async () => (await saidBy(['dataset', ...past, '--id-only', ...at()])).out.trim().split(' ')[1]!;
  const before = await idOf();
  const shardsOf = async () => (await readDatasetRecord(lake.store, before))!.shards.map((one) => one.manifestSha256);
  const shards = await shardsOf();
  await lake.land(page('1h', '2024-02-01T00:00Z', 24));
  await lake.refine({ codeHash: codeHashes().candles, nowMs: Date.parse('2026-01-01T12:00Z') });
  expect(await idOf()).toBe(before);
  // The same rows, now in another version of the shard.
  expect(await shardsOf()).not.toEqual(shards);
  expect(await verify(before)).toMatchObject({ code: 0, report: { verified: true, differences: [] } });
  expect(await verify(id)).toMatchObject({ code: 0, report: { verified: true } });
});

test('an id of before a revision is verified from what had landed then', async () => {
  const before = await saidBy(['dataset', ...RANGE, '--folds', '2', '--id-only', ...at()]);
  await lake.land({ source: 'archive_daily', rows: [candleRow('1h', Date.parse('2023-12-25T00:00Z'), 99)] });
  await lake.refine({ codeHash: codeHashes().candles, nowMs: Date.parse('2026-01-02') });
  const after = await saidBy(['dataset', ...RANGE, '--folds', '2', '--id-only', ...at()]);
  expect(after.out).not.toBe(before.out);
  for (const { out } of [before, after])
    expect((await verify(out.trim().split(' ')[1]!)).report.differences).toEqual([]);
  // The lake as it stood has the id that it had.
  const past = await saidBy(['dataset', ...RANGE, '--folds', '2', '--id-only', '--as-of', '2026-01-01', ...at()]);
  expect(past).toMatchObject({ code: 0, out: before.out });
  const out = join(temporaryFolder(), 'pack');
  const pack = await saidBy(['dataset', ...RANGE, '--folds', '2', '--as-of', '2026-01-01', '--out', out, ...at()]);
  expect(pack.out).toContain(id);
});

test('an id is recorded with the versions that it is made of, whatever a run publishes meanwhile', async () => {
  const world = { store: lake.store, codeHash: codeHashes().dataset, commit: undefined };
  const [symbols, interval] = [['BTCUSDT'], '1h'];
  const request = parseDatasetRequest({ symbols, interval, from: '2024-01-05', to: '2024-01-25', folds: 2 });
  const identity = await identify(request, world);
  for (const day of ['2023-12-24', '2024-01-10'])
    await lake.land({ source: 'archive_daily', rows: [candleRow('1h', Date.parse(`${day}T00:00Z`), 99)] });
  await lake.refine({ codeHash: codeHashes().candles, nowMs: Date.parse('2026-01-03') });
  const described = await describeDataset(identity, world);
  expect((await identify(request, world)).id).not.toBe(described.id);
  expect(described.shards.filter(({ named }) => named).map(({ manifestSha256 }) => manifestSha256)).toEqual(
    identity.shards.map(({ manifestSha256 }) => manifestSha256),
  );
  await recordDataset(lake.store, described);
  expect(await verify(described.id)).toMatchObject({ code: 0, report: { differences: [], verified: true } });
});

test('what came out otherwise is named, exit 1', async () => {
  const whole = await readRecord();
  const [shard] = whole.shards;
  const shards = whole.shards.map((one) =>
    one === shard ? { ...shard, outputs: { ...shard!.outputs, labels: '0'.repeat(64) } } : one,
  );
  await record({ ...whole, shards });
  expect(await verify(id)).toMatchObject({
    code: 1,
    report: { differences: [{ what: 'um/BTCUSDT/1h 2023 labels', recorded: '0'.repeat(64) }] },
  });
  const files = whole.files!.map((file) =>
    file.key === 'scaling.parquet' ? { ...file, sha256: '1'.repeat(64) } : file,
  );
  await record({ ...whole, files });
  expect((await verify(id)).report.differences).toEqual([
    { what: 'pack scaling.parquet', recorded: '1'.repeat(64), found: expect.stringMatching(/^[0-9a-f]{64}$/) },
  ]);
  const { code, out } = await saidBy(['verify', id, ...at()]);
  expect(code).toBe(1);
  expect(out).toContain('not the same: 1 difference\n  pack scaling.parquet\n    recorded 1111');
  expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  await record(whole);
});

test('landed bytes that are damaged or gone are found', async () => {
  const landed = (await lake.store.list('landing/')).map(({ key }) => key);
  const [key] = landed.filter((one) => /\/[0-9a-f]{64}\.json$/.test(one));
  const bytes = (await lake.store.get(key!))!;
  await putOver(lake.store, key!, Buffer.concat([bytes, Buffer.from(' ')]));
  const { code, report } = await verify(id);
  expect(code).toBe(1);
  expect(report.differences[0]).toMatchObject({ what: 'um/BTCUSDT/1h', found: expect.stringContaining(key!) });
  await putOver(lake.store, key!, bytes);
  expect((await verify(id)).code).toBe(0);
});

test('a disk that is full, and a store that does not answer, are no difference', async () => {
  const codes = { codeHash: codeHashes().candles, datasetCodeHash: codeHashes().dataset };
  const verifyIn = (of: ObjectStore, scratch: ObjectStore) =>
    verifyLake(id, { lake: of, scratch, ...codes, encodeTable: encodeArrowTable });
  const failing = (name: 'get' | 'put', message: string) => ({
    ...(name === 'put' ? memoryStore() : lake.store),
    [name]: async (key: string) => {
      if (!key.startsWith('datasets/')) throw new Error(message);
      return lake.store.get(key);
    },
  });
  await expect(verifyIn(lake.store, failing('put', 'ENOSPC') as ObjectStore)).rejects.toThrow('ENOSPC');
  await expect(verifyIn(failing('get', 'SlowDown') as ObjectStore, memoryStore())).rejects.toThrow('SlowDown');
  expect(await verifyIn(lake.store, memoryStore())).toMatchObject({ verified: true });
});

test('names other code, with its commit if it is recorded, and does not claim that anything differs', async () => {
  const whole = await readRecord();
  expect(whole.shardCodeHash).toBe(codeHashes().candles);
  await record({ ...whole, codeHash: 'f'.repeat(64), commit: 'abc123' });
  const { code, out } = await saidBy(['verify', id, ...at()]);
  expect(code).toBe(1);
  expect(out).toContain('it was made by other code than this, so nothing was rebuilt');
  expect(out).toContain('check out abc123 and verify again');
  await record({ ...whole, shards: whole.shards.map((one) => ({ ...one, codeHash: 'e'.repeat(64) })) });
  expect((await saidBy(['verify', id, ...at()])).out).toContain('its shards were made by other code than this');
  // The commit of the dataset is that of the shards' code if the record has the hash of that code.
  const byEarlier = {
    ...whole,
    shards: whole.shards.map((one) => ({ ...one, codeHash: 'e'.repeat(64) })),
    commit: 'abc123',
  };
  await record({ ...byEarlier, shardCodeHash: 'd'.repeat(64) });
  const unknown = await saidBy(['verify', id, ...at()]);
  expect([unknown.code, unknown.out]).toEqual([1, expect.not.stringContaining('abc123')]);
  await record({ ...byEarlier, shardCodeHash: 'e'.repeat(64) });
  const known = await saidBy(['verify', id, ...at()]);
  expect(known.out).toContain(`code that made them  ${'e'.repeat(40)}, commit abc123\n`);
  expect(known.out).toContain('check out abc123, or run `npx lake run --lake ');
  await record(whole);
});

test('a record that is not that of its id is never verified, and is put right by the dataset made again', async () => {
  const whole = await readRecord();
  const text = Buffer.from(encodeRecord(whole)).toString();
  const damages = [
    text.slice(0, 200),
    'null',
    '{}',
    text.replace('"folds":2', '"folds":3'),
    // Whole, and of another id.
    Buffer.from(encodeRecord({ ...whole, id: '0'.repeat(64) })).toString(),
  ];
  for (const damaged of damages) {
    await lake.store.put(datasetKey(id), Buffer.from(damaged));
    const { code, out, err } = await saidBy(['verify', id, ...at()]);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^lake: CorruptObject: datasets\/.* is not the record of the id that its name promises: .*\n$/);
  }
  const again = await saidBy(['dataset', ...RANGE, '--folds', '2', '--id-only', '--as-of', '2026-01-01', ...at()]);
  expect(again).toMatchObject({ code: 0, out: `dataset ${id}\n` });
  expect((await verify(id)).report).toMatchObject({ verified: true, files: 0 });
  await record(whole);
});

test('a pack of two intervals is made again from what landed for both, and verified', async () => {
  const both = lakeOfEveryFeature(SERIES);
  const longer = lakeOfEveryFeature(btc('4h'), both.store);
  await both.land(page('1h', '2023-12-01T00:00Z', 744));
  await both.refine({ codeHash: codeHashes().candles, nowMs: Date.parse('2026-01-01') });
  await longer.land(page('4h', '2023-12-01T00:00Z', 186));
  await longer.refine({ codeHash: codeHashes().candles, nowMs: Date.parse('2026-01-01') });
  const pack = join(temporaryFolder(), 'pack');
  const args = [
    '--symbols',
    'BTCUSDT',
    '--interval',
    '1h,4h',
    '--from',
    '2023-12-12',
    '--to',
    '2023-12-28',
    '--folds',
    '2',
  ];
  const lakeArgs = ['--lake', both.store.url];
  const { code, out, err } = await saidBy(['dataset', ...args, '--out', pack, '--json', ...lakeArgs]);
  expect([code, err]).toEqual([0, '']);
  const made = JSON.parse(out) as { id: string; features: string[] };
  expect(made.features).toContain('rsi_14__4h');
  const verified = await saidBy(['verify', made.id, '--json', ...lakeArgs]);
  expect(JSON.parse(verified.out)).toMatchObject({ verified: true, shards: 2, files: 2, differences: [] });
});

test('an unknown id is one line with the ids that there are, exit 2', async () => {
  const { code, out, err } = await saidBy(['verify', '0123456789', ...at()]);
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain(id);
  expect(err).toContain("got '0123456789'");
});

test.each([
  [['--id-only', '--out', 'x'], "out must be left out with --id-only, got 'x'"],
  [[], 'out must be a folder or s3://bucket, got none; --id-only makes no pack'],
  [['--id-only', '--as-of', '1999-01-01'], 'had published nothing by 1999-01-01T00:00:00Z'],
])('lake dataset %s: %s', async (args, text) => {
  const { code, err } = await saidBy(['dataset', ...RANGE, ...args, ...at()]);
  expect(code).toBe(2);
  expect(err).toContain(text);
});
