import { type Exchange, startExchange } from '../../lib/exchange/simulated/exchange.ts';
import type { StreamConflict, StreamManifest } from '../../lib/lake/manifest/contract.ts';
import type { Plan } from '../../lib/lake/plan/contract.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runLake } from '../support/lake-process.ts';
import { rowsIn } from '../support/stream-lake.ts';
import { type WorkflowLake, workflowLake } from '../support/workflow-lake.ts';

const FIRST_MS = Date.parse('2024-03-05T10:00:05Z');
const REQUEST = { symbols: ['BTCUSDT'], interval: '4h', from: '2024-02-24', to: '2024-02-27', streams: true };
const LATER_MS = Date.parse('2024-03-20T07:30:00Z');

let nowMs: number;
let exchange: Exchange;
let lake: WorkflowLake;
beforeEach(async () => {
  nowMs = FIRST_MS;
  exchange = await startExchange({ nowMs: () => nowMs });
  lake = workflowLake(() => exchange);
});
afterEach(() => exchange.close());

/** A file of each stream that has files; a row in it, and one of its fields with another value. */
const CASES = [
  {
    table: 'funding',
    file: 'monthly/fundingRate/BTCUSDT/BTCUSDT-fundingRate-2024-02.zip',
    row: String(Date.parse('2024-02-25T08:00Z')).slice(0, 8),
    time: 'scheduled_time',
    at: Date.parse('2024-02-25T08:00Z'),
    field: 2,
    value: '0.00777',
    column: 'funding_rate',
  },
  {
    table: 'open_interest',
    file: 'daily/metrics/BTCUSDT/BTCUSDT-metrics-2024-02-25.zip',
    row: '2024-02-25 08:00:00',
    time: 'time',
    at: Date.parse('2024-02-25T08:00Z'),
    field: 3,
    value: '7777.5',
    column: 'sum_open_interest_value',
  },
  {
    table: 'mark_candles',
    file: 'monthly/markPriceKlines/BTCUSDT/4h/BTCUSDT-4h-2024-02.zip',
    row: String(Date.parse('2024-02-25T08:00Z')),
    time: 'open_time',
    at: Date.parse('2024-02-25T08:00Z'),
    field: 2,
    value: '77777.5',
    column: 'high',
  },
] as const;
type Case = (typeof CASES)[number];

const restated =
  ({ row, field, value }: Case) =>
  (rows: readonly string[]) =>
    rows.map((line) => (line.startsWith(row) ? line.split(',').with(field, value).join(',') : line));

const landedOf = ({ table, file }: Case) => {
  const label = /-(\d{4}-\d{2}(-\d{2})?)\.zip$/.exec(file)![1];
  return [...lake.store.objects.keys()].filter(
    (key) => key.startsWith(`landing/streams/${table}/`) && key.includes(`/${label}/`) && key.endsWith('.zip'),
  );
};
const manifestsOf = ({ table }: Case) => lake.json<StreamManifest>(`manifests/streams/${table}/`);
const tables = (of = lake) =>
  Object.fromEntries(
    [...of.store.objects]
      .filter(([key]) => /^(funding|open_interest|mark_candles)\//.test(key))
      .map(([key, bytes]) => [key, Buffer.from(bytes).toString('base64')]),
  );
const valueIn = async ({ table, time, at, column }: Case) =>
  (await rowsIn(lake.store.objects, table)).find((row) => row[time] === at)?.[column];

test('unchanged files cost no fetch; their receipts are read once, then one object a stream', async () => {
  await lake.run(REQUEST);
  nowMs += 60_000;
  for (const reads of [
    // A month; three days; a month; and the checks that are not there yet.
    [0, 1 + 1, 1 + 3, 1 + 1],
    [0, 1, 1, 1],
    [0, 1, 1, 1],
  ]) {
    expect(await lake.run(REQUEST)).toMatchObject({ complete: true, streams: { fetchedChunks: 0 } });
    expect(lake.zipsAsked()).toEqual([]);
    const { streams } = lake.json<Plan>('/plan.json').at(-1)!;
    expect(streams!.streams.map(({ lakeReads }) => lakeReads)).toEqual(reads);
  }
});

test.each(CASES)(
  'a $table file rewritten without notice is fetched, lands beside the old one, and changes the table',
  async (one) => {
    await lake.run(REQUEST);
    const [before, first] = [tables(), await valueIn(one)];
    nowMs = LATER_MS + 1000;
    exchange.history.rewrite(one.file, LATER_MS, restated(one));
    const report = await lake.run(REQUEST);
    expect(report).toMatchObject({
      complete: true,
      streams: { tables: { [one.table]: { recomputed: 1, conflicts: 1 } } },
    });
    expect(lake.zipsAsked().map((path) => path.slice(path.indexOf('um/') + 3))).toEqual([one.file]);
    expect(landedOf(one)).toHaveLength(2);
    expect(await valueIn(one)).toBe(Number(one.value));

    // Both values, each with the file that says so, are on record.
    const shard = manifestsOf(one).find(({ superseded }) => superseded)!;
    const [old, stands] = [
      shard.superseded![0]!,
      landedOf(one).find((key) => !key.includes(hashOf(shard.superseded![0]!)))!,
    ];
    expect(shard.report.conflictSamples).toEqual<StreamConflict[]>([
      {
        timeMs: one.at,
        column: one.column,
        kept: expect.objectContaining({ value: Number(one.value), sha256: hashOf(stands) }),
        other: expect.objectContaining({ value: first, sha256: hashOf(old) }),
      },
    ]);
    // Nothing else changed, and a run with nothing new does nothing.
    const changed = Object.entries(tables()).filter(([key, bytes]) => before[key] !== bytes);
    expect(changed.map(([key]) => key.split('/')[0])).toEqual([one.table]);
    expect(await lake.run(REQUEST)).toMatchObject({
      complete: true,
      streams: { fetchedChunks: 0, tables: { [one.table]: { recomputed: 0 } } },
    });
  },
);

test.each(CASES)('a $table file rewritten and restored: the first bytes are used again', async (one) => {
  await lake.run(REQUEST);
  const before = tables();
  let first: readonly string[] = [];
  nowMs = LATER_MS + 1000;
  exchange.history.rewrite(one.file, LATER_MS, (rows) => {
    first = rows;
    return restated(one)(rows);
  });
  await lake.run(REQUEST);
  expect(await valueIn(one)).toBe(Number(one.value));
  nowMs += 86_400_000;
  exchange.history.rewrite(one.file, nowMs - 1000, () => first);
  expect(await lake.run(REQUEST)).toMatchObject({ complete: true, failures: [] });
  expect(lake.zipsAsked()).toHaveLength(1);
  expect(landedOf(one)).toHaveLength(2);
  expect(tables()).toEqual(before);
});

test.each(CASES)('a row that the rewritten $table file lacks is no longer in the table', async (one) => {
  await lake.run(REQUEST);
  expect(await valueIn(one)).toBeDefined();
  nowMs = LATER_MS + 1000;
  exchange.history.rewrite(one.file, LATER_MS, (rows) => rows.filter((row) => !row.startsWith(one.row)));
  await lake.run(REQUEST);
  expect(await valueIn(one)).toBeUndefined();
});

test('republished with the same bytes: it is fetched once more, and nothing is computed', async () => {
  await lake.run(REQUEST);
  nowMs = LATER_MS + 1000;
  const [{ file, table }] = CASES;
  exchange.history.rewrite(file, LATER_MS);
  const { streams } = await lake.run(REQUEST);
  expect(streams).toMatchObject({ tables: { [table]: { recomputed: 0, conflicts: 0 } } });
  expect(lake.zipsAsked()).toHaveLength(1);
  await lake.run(REQUEST);
  expect(lake.zipsAsked()).toEqual([]);
});

test('a later version that fails to arrive leaves the run incomplete and the old rows in place', async () => {
  await lake.run(REQUEST);
  const before = tables();
  nowMs = LATER_MS + 1000;
  const [one] = CASES;
  exchange.history.rewrite(one.file, LATER_MS, restated(one));
  exchange.faults.add({ kind: 'wrong_checksum', match: one.file });
  const report = await lake.run(REQUEST);
  expect(report).toMatchObject({ complete: false, failures: [{ stage: 'fetch', error: 'CorruptObject' }] });
  expect(report.failures[0]!.name).toBe('funding um/BTCUSDT archive_monthly 2024-02');
  expect(tables()).toEqual(before);
  exchange.faults.clear();
  expect(await lake.run(REQUEST)).toMatchObject({ complete: true, failures: [] });
  expect(await valueIn(one)).toBe(Number(one.value));
});

describe.each(CASES)('a $table file that lands and cannot be read', (one) => {
  const name = `${one.table} um/BTCUSDT${one.table === 'mark_candles' ? '/4h' : ''}`;
  const label = /-(\d{4}-\d{2}(-\d{2})?)\.zip$/.exec(one.file)![1]!;
  const source = label.length === 7 ? 'archive_monthly' : 'archive_daily';
  const [chunk, file] = [`${name} ${source} ${label}`, one.file.slice(one.file.lastIndexOf('/') + 1)];
  const named = { stage: 'fetch', name: chunk, error: 'CorruptObject', message: expect.stringContaining(file) };

  test('is named by each run until it is republished; then the tables equal those of an undisturbed lake', async () => {
    exchange.faults.add({ kind: 'truncated_zip', checksumAgrees: true, match: one.file });
    const report = await lake.run(REQUEST);
    expect(report).toMatchObject({ complete: false, failures: [named], healed: [] });
    expect(report.failures[0]!.message).toContain(`${file} is not a whole zip`);
    expect(await valueIn(one)).toBeUndefined();
    // Open interest of the days before and after has its rows; the hole is counted in the row after it.
    const hole = one.table === 'open_interest' ? 288 : 0;
    expect(report.streams!.tables[one.table].missing).toBe(hole);
    expect(report.streams!.tables[one.table].rows > 0).toBe(one.table === 'open_interest');

    const again = await lake.run(REQUEST);
    expect(again).toMatchObject({ complete: false, failures: [named], streams: { fetchedChunks: 0 } });
    expect(again.summary).toMatch(new RegExp(`^incomplete: 1 chunk failed: ${chunk} \\(CorruptObject: `));
    expect(Object.values(again.streams!.tables).map(({ recomputed }) => recomputed)).toEqual([0, 0, 0, 0]);
    expect(lake.zipsAsked()).toEqual([]);

    nowMs = LATER_MS + 1000;
    exchange.faults.clear();
    exchange.history.rewrite(one.file, LATER_MS);
    const mended = await lake.run(REQUEST);
    expect(mended).toMatchObject({ complete: true, failures: [], healed: [] });
    expect(lake.zipsAsked()).toHaveLength(1);
    expect(landedOf(one)).toHaveLength(2);
    const whole = workflowLake(() => exchange);
    await whole.run(REQUEST);
    expect(tables()).toEqual(tables(whole));
    expect(await valueIn(one)).toBeGreaterThan(0);
    expect(await lake.run(REQUEST)).toMatchObject({
      ...{ complete: true, failures: [], healed: [] },
      streams: { fetchedChunks: 0, tables: { [one.table]: { recomputed: 0 } } },
    });
  });

  test('in place of one that could be read: the older one is used, and the file is named as healed', async () => {
    await lake.run(REQUEST);
    const before = tables();
    nowMs = LATER_MS + 1000;
    exchange.history.rewrite(one.file, LATER_MS, restated(one));
    exchange.faults.add({ kind: 'truncated_zip', checksumAgrees: true, match: one.file });
    const report = await lake.run(REQUEST);
    expect(report).toMatchObject({ complete: true, failures: [], healed: [named] });
    expect(landedOf(one)).toHaveLength(2);
    expect(tables()).toEqual(before);
  });
});

test('an invalid row makes the file unreadable, and is named by its number', async () => {
  const [, one] = CASES;
  exchange.history.rewrite(one.file, FIRST_MS - 1000, (rows) =>
    rows.map((row) => row.replace('BTCUSDT,', 'BTCUSDT,x')),
  );
  const { failures } = await lake.run(REQUEST);
  expect(failures).toEqual([
    {
      stage: 'fetch',
      name: 'open_interest um/BTCUSDT archive_daily 2024-02-25',
      error: 'UnexpectedFormat',
      message: expect.stringMatching(/^row 1 of BTCUSDT-metrics-2024-02-25\.zip field sum_open_interest /),
      landed: true,
    },
  ]);
});

test('through the command line: a file that lands and cannot be read is named, and the run ends with 1', async () => {
  const [one] = CASES;
  exchange.faults.add({ kind: 'truncated_zip', checksumAgrees: true, match: one.file });
  const args = ['run', '--symbols', 'BTCUSDT', '--interval', '4h', '--from', REQUEST.from, '--to', REQUEST.to];
  const ended = await runLake([...args, '--streams', '--lake', temporaryFolder()], { exchangeUrl: exchange.url });
  expect(ended.code).toBe(1);
  expect(ended.stdout).toMatch(/^ {2}failed: fetch funding um\/BTCUSDT archive_monthly 2024-02: CorruptObject:/m);
  expect(ended.stdout).toContain('BTCUSDT-fundingRate-2024-02.zip is not a whole zip');
});

function hashOf(key: string): string {
  return /([0-9a-f]{64})/.exec(key)![1]!;
}
