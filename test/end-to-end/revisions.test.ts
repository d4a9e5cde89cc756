import { readFileSync } from 'node:fs';
import { parseDatasetRequest } from '../../lib/dataset/dataset-request.ts';
import { describeDataset } from '../../lib/dataset/describe-dataset.ts';
import { identify } from '../../lib/dataset/identify.ts';
import { verify } from '../../lib/dataset/verify.ts';
import type { Series } from '../../lib/domain/series.ts';
import { sha256 } from '../../lib/domain/sha256.ts';
import { type Exchange, startExchange } from '../../lib/exchange/simulated/exchange.ts';
import { type RecordedSeries, recordedCandles } from '../../lib/exchange/simulated/recorded-candles.ts';
import { TABLE } from '../../lib/features/table.ts';
import { rebuildVersion } from '../../lib/lake/as-of/rebuild.ts';
import { archiveCheckKey, receiptKeyBeside, versionsPrefix } from '../../lib/lake/keys.ts';
import { landingsOf, type Receipt } from '../../lib/lake/landing/receipt.ts';
import { memoryStore as memoryScratch } from '../../lib/lake/memory-store.ts';
import type { Plan } from '../../lib/lake/plan/contract.ts';
import { recordDataset } from '../../lib/lake/versions/dataset-record.ts';
import { readVersion } from '../../lib/lake/versions/version-record.ts';
import { encodeTable } from '../../lib/parquet/encode-table.ts';
import { describeWithRecordedData, recordedFile } from '../support/recorded-data.ts';
import { type WorkflowLake, workflowLake } from '../support/workflow-lake.ts';

const FIRST_MS = Date.parse('2024-03-05T10:00:05Z');
const REQUEST = { symbols: ['BTCUSDT', 'ETHUSDT'], interval: '1h', from: '2024-02-01', to: '2024-03-04' };
const BTC: Series = { market: 'um', symbol: 'BTCUSDT', interval: '1h' };
const FEBRUARY = 'monthly/klines/BTCUSDT/1h/BTCUSDT-1h-2024-02.zip';
const LATER_MS = Date.parse('2024-03-20T07:30:00Z');

let nowMs: number;
let exchange: Exchange;
let lake: WorkflowLake;
beforeEach(async () => {
  nowMs = FIRST_MS;
  exchange = await startExchange({ nowMs: () => nowMs });
  // Data sets and rebuilt versions have every feature.
  lake = workflowLake(() => exchange, { features: TABLE });
});
afterEach(() => exchange.close());

/** The highest price of one row is another. */
function restated(openTimeMs: number, high: string): (rows: readonly string[]) => readonly string[] {
  return (rows) =>
    rows.map((row) => {
      const fields = row.split(',');
      if (Number(fields[0]) !== openTimeMs) return row;
      fields[2] = high;
      return fields.join(',');
    });
}

const landedFiles = (part: string) =>
  [...lake.store.objects.keys()].filter((key) => key.includes(part) && key.endsWith('.zip'));
const HOUR = Date.parse('2024-02-15T07:00Z');
const candle = async () => (await lake.candles()).get('market=um/symbol=BTCUSDT/interval=1h 2024-02-15T07:00:00.000Z');

test('an unchanged archive costs no fetch; its receipts are read once, then one object a series', async () => {
  await lake.run(REQUEST);
  nowMs += 3_600_000;
  for (const reads of [1 + 1, 1, 1]) {
    const report = await lake.run(REQUEST);
    expect(report).toMatchObject({ complete: true, fetchedChunks: 0, recomputedShards: 0 });
    expect(lake.zipsAsked()).toEqual([]);
    const plans = lake.json<Plan>('/plan.json');
    // The month's: the days are listed only while one of them is wanted.
    expect(plans.at(-1)!.series.map((series) => series.lakeReads)).toEqual([reads, reads]);
  }
});

test('a file rewritten without notice: the next run fetches it beside the old, and candles change', async () => {
  await lake.run(REQUEST);
  const before = await candle();
  nowMs = Date.parse('2024-03-21T10:00:05Z');
  await lake.run(REQUEST);
  expect(lake.zipsAsked()).toEqual([]);

  exchange.history.rewrite(FEBRUARY, LATER_MS, restated(HOUR, '99999.9'));
  const report = await lake.run(REQUEST);
  expect(report).toMatchObject({ complete: true, fetchedChunks: 1 });
  expect(lake.zipsAsked().map((path) => path.slice(path.lastIndexOf('/') + 1))).toEqual(['BTCUSDT-1h-2024-02.zip']);
  expect(landedFiles('symbol=BTCUSDT/interval=1h/source=archive_monthly/2024-02/')).toHaveLength(2);
  expect(before).not.toContain('99999.9');
  expect(await candle()).toContain('99999.9');
  expect(report.series.map(({ shards }) => shards.map((shard) => shard.recomputed))).toEqual([[true], [false]]);

  expect(await lake.run(REQUEST)).toMatchObject({ complete: true, fetchedChunks: 0, recomputedShards: 0 });
  expect(lake.zipsAsked()).toEqual([]);
  expect(await candle()).toContain('99999.9');
});

test('a file rewritten twice: each next run fetches it once and serves its candles', async () => {
  await lake.run(REQUEST);
  nowMs = LATER_MS + 1000;
  exchange.history.rewrite(FEBRUARY, LATER_MS, restated(HOUR, '88888.8'));
  expect(await lake.run(REQUEST)).toMatchObject({ complete: true, fetchedChunks: 1 });
  expect(await candle()).toContain('88888.8');
  nowMs += 86_400_000;
  exchange.history.rewrite(FEBRUARY, nowMs - 1000, restated(HOUR, '99999.9'));
  expect(await lake.run(REQUEST)).toMatchObject({ complete: true, fetchedChunks: 1 });
  expect(await candle()).toContain('99999.9');
});

test('republished with the same bytes: it is fetched once more, and nothing is computed', async () => {
  await lake.run(REQUEST);
  nowMs = LATER_MS + 1000;
  exchange.history.rewrite(FEBRUARY, LATER_MS);
  expect(await lake.run(REQUEST)).toMatchObject({ complete: true, fetchedChunks: 1, recomputedShards: 0 });
  expect(landedFiles('symbol=BTCUSDT/interval=1h/source=archive_monthly/2024-02/')).toHaveLength(1);
  expect(await lake.run(REQUEST)).toMatchObject({ complete: true, fetchedChunks: 0, recomputedShards: 0 });
});

/** Records the dataset id of what the lake holds now. */
async function recordedId(): Promise<string> {
  const world = { store: lake.store, codeHash: 'dataset code' };
  const identity = await identify(parseDatasetRequest({ ...REQUEST, from: '2024-02-01', to: '2024-03-04' }), world);
  await recordDataset(lake.store, await describeDataset(identity, { ...world, commit: undefined }));
  return identity.id;
}

const verified = (id: string) =>
  verify(id, {
    ...{ lake: lake.store, scratch: memoryScratch(), encodeTable: encodeTable },
    ...{ codeHash: 'code', datasetCodeHash: 'dataset code' },
  });

test('rewritten and restored: the first bytes are used again, and all three versions are verified', async () => {
  await lake.run(REQUEST);
  const before = await lake.candles();
  const ids = [await recordedId()];
  nowMs = LATER_MS + 1000;
  let first: readonly string[] = [];
  exchange.history.rewrite(FEBRUARY, LATER_MS, (rows) => {
    first = rows;
    return restated(HOUR, '99999.9')(rows);
  });
  await lake.run(REQUEST);
  ids.push(await recordedId());
  expect(await candle()).toContain('99999.9');
  nowMs += 86_400_000;
  exchange.history.rewrite(FEBRUARY, nowMs - 1000, () => first);
  const back = await lake.run(REQUEST);
  expect(back).toMatchObject({ complete: true, fetchedChunks: 1, recomputedShards: 1 });
  expect(landedFiles('symbol=BTCUSDT/interval=1h/source=archive_monthly/2024-02/')).toHaveLength(2);
  expect(await lake.candles()).toEqual(before);
  expect(await lake.run(REQUEST)).toMatchObject({ complete: true, fetchedChunks: 0, recomputedShards: 0 });

  ids.push(await recordedId());
  const landings = landedFiles('symbol=BTCUSDT/interval=1h/source=archive_monthly/2024-02/')
    .flatMap((key) => lake.json<Receipt>(receiptKeyBeside(key)))
    .map((receipt) => landingsOf(receipt).map(({ fetchedAtMs }) => fetchedAtMs));
  expect(landings.sort()).toEqual([[FIRST_MS, nowMs], [LATER_MS + 1000]]);
  for (const id of ids) {
    expect(await verified(id)).toMatchObject({ verified: true, differences: [], shards: 2 });
  }
  // The features are those of the first again, and so is the id; the ledger knows more.
  expect(new Set(ids).size).toBe(2);
  const keys = await lake.store.list(versionsPrefix(BTC, '2024'));
  const records = await Promise.all(keys.map(({ key }) => readVersion(lake.store, key)));
  const versions = records.flatMap((record) => record ?? []);
  expect(versions.map(({ reason }) => reason)).toEqual(['created', 'revised', 'revised']);
  for (const version of versions) {
    const made = await rebuildVersion(lake.store, version);
    for (const { key, sha256: expected } of Object.values(version.manifest.outputs)) {
      expect(sha256((await made.get(key))!)).toBe(expected);
    }
  }
});

test('a row that the rewritten file lacks is no longer a candle, and is in the ledger', async () => {
  await lake.run(REQUEST);
  const before = await lake.candles();
  // Neither REST nor the file of the day can be asked instead.
  exchange.faults.add(
    { kind: 'status', status: 451, match: '/fapi/' },
    { kind: 'missing_file', match: 'BTCUSDT-1h-2024-02-15.zip' },
  );
  nowMs = LATER_MS + 1000;
  exchange.history.rewrite(FEBRUARY, LATER_MS, (rows) => rows.filter((row) => Number(row.split(',')[0]) !== HOUR));
  const unasked = await lake.run(REQUEST);
  expect(await candle()).toBeUndefined();
  expect((await lake.candles()).size).toBe(before.size - 1);
  const [shard] = unasked.series[0]!.shards;
  expect(shard).toMatchObject({ missing: 1, conflicts: 0 });
  expect(shard!.accounted.unknown!.intervals).toBe(shard!.unasked + 1);

  // When REST is in reach, it has the row: the archive's hole is healed.
  exchange.faults.clear();
  const healed = await lake.run(REQUEST);
  expect(healed.series[0]!.shards).toMatchObject([
    { missing: 0, accounted: { archive_hole: { intervals: 1, candles: 1 } } },
  ]);
  expect(await lake.candles()).toEqual(before);
});

test('a later version that fails to arrive leaves the run incomplete and the old candles in place', async () => {
  await lake.run(REQUEST);
  const before = await candle();
  nowMs = LATER_MS + 1000;
  exchange.history.rewrite(FEBRUARY, LATER_MS, restated(HOUR, '99999.9'));
  exchange.faults.add({ kind: 'wrong_checksum', match: FEBRUARY });
  const report = await lake.run(REQUEST);
  expect(report).toMatchObject({ complete: false, failures: [{ stage: 'fetch', error: 'CorruptObject' }] });
  expect(report.failures[0]!.name).toBe('um/BTCUSDT/1h archive_monthly 2024-02');
  expect(await candle()).toBe(before);
  exchange.faults.clear();
  expect(await lake.run(REQUEST)).toMatchObject({ complete: true, fetchedChunks: 1 });
  expect(await candle()).toContain('99999.9');
});

test.each(['', 'null', '{"archive_monthly/2024-02":7', '[]'])(
  'checks that are lost or damaged (%j) cost the reading of receipts and no more',
  async (text) => {
    await lake.run(REQUEST);
    await lake.run(REQUEST);
    expect(lake.store.objects.has(archiveCheckKey(BTC))).toBe(true);
    await lake.store.put(archiveCheckKey(BTC), new TextEncoder().encode(text));
    expect(await lake.run(REQUEST)).toMatchObject({ complete: true, fetchedChunks: 0 });
    expect(lake.zipsAsked()).toEqual([]);
    expect(lake.json<Plan>('/plan.json').at(-1)!.series[0]!.lakeReads).toBe(1 + 1);
  },
);

test('if the newer receipt of a rewritten file is lost, it is fetched again, and the older is unused', async () => {
  await lake.run(REQUEST);
  nowMs = LATER_MS + 1000;
  exchange.history.rewrite(FEBRUARY, LATER_MS, restated(HOUR, '99999.9'));
  const [older] = landedFiles('symbol=BTCUSDT/interval=1h/source=archive_monthly/2024-02/');
  await lake.run(REQUEST);
  await lake.run(REQUEST);
  const before = await lake.candles();
  const files = landedFiles('symbol=BTCUSDT/interval=1h/source=archive_monthly/2024-02/');
  (lake.store.objects as Map<string, Uint8Array>).delete(receiptKeyBeside(files.find((key) => key !== older)!));
  expect(await lake.run(REQUEST)).toMatchObject({ complete: true, fetchedChunks: 1 });
  expect(await lake.candles()).toEqual(before);
});

describeWithRecordedData('the candles of 10 November 2023 as they were in May 2024 and in December 2025', () => {
  /** The recording has six columns; the rest of the twelve are made up and the same in both. */
  function rows(fetched: string): string[] {
    const csv = readFileSync(
      recordedFile(`futures-um/klines-6col/restated/BTCUSDT-15m-2023-11-10.fetched-${fetched}.csv`),
      'utf8',
    );
    return csv
      .trim()
      .split('\n')
      .filter((line) => /^\d/.test(line))
      .map((line) => {
        const [openTime, open, high, low, close, volume] = line.split(',') as [string, ...string[]];
        return [openTime, open, high, low, close, volume, Number(openTime) + 899_999, 0, 1, 0, 0, 0].join(',');
      });
  }

  test('the restated high, close and volume are taken over, the others stay', async () => {
    const [then, now] = [rows('2024-05'), rows('2025-12')];
    const part: RecordedSeries = { market: 'um', symbol: 'BTCUSDT', interval: '15m', rows: then };
    await exchange.close();
    nowMs = Date.parse('2023-11-12T00:00:05Z');
    exchange = await startExchange({ candles: recordedCandles([part]), nowMs: () => nowMs });
    const request = { symbols: ['BTCUSDT'], interval: '15m', from: '2023-11-10', to: '2023-11-11' };
    expect(await lake.run(request)).toMatchObject({ complete: true, fetchedChunks: 1 });
    const key = 'market=um/symbol=BTCUSDT/interval=15m 2023-11-10T15:00:00.000Z';
    const before = await lake.candles();
    expect(before.get(key)).toContain(' 37120 ');
    expect(before.get(key)).toContain(' 1351.57 ');

    exchange.history.rewrite('BTCUSDT-15m-2023-11-10.zip', nowMs + 600_000, () => now);
    nowMs += 3_600_000;
    // The daily files of a month are listed while one of its days is still to come.
    expect(await lake.run({ ...request, to: '2023-11-12' })).toMatchObject({ complete: true });
    const after = await lake.candles();
    expect(after.get(key)).toContain(' 37189.8 ');
    expect(after.get(key)).toContain(' 37184 ');
    expect(after.get(key)).toContain(' 3373.386 ');
    const changed = [...before].filter(([name, values]) => after.get(name) !== values).map(([name]) => name);
    expect(changed).toHaveLength(2);
  });
});

test('a shard names its unreadable file; its versions are verified, also after the file is corrected', async () => {
  exchange.faults.add({ kind: 'truncated_zip', checksumAgrees: true, match: FEBRUARY });
  expect(await lake.run(REQUEST)).toMatchObject({ complete: true, healed: [{ error: 'CorruptObject' }] });
  const ids = [await recordedId()];
  exchange.faults.clear();
  nowMs = LATER_MS + 1000;
  exchange.history.rewrite(FEBRUARY, LATER_MS);
  expect(await lake.run(REQUEST)).toMatchObject({ complete: true, healed: [], fetchedChunks: 1 });
  ids.push(await recordedId());
  for (const id of ids) expect(await verified(id)).toMatchObject({ verified: true, differences: [], shards: 2 });
});
