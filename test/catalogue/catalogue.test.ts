import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderObjectStore } from '../../lib/adapters/local/folder-object-store.ts';
import { catalogue } from '../../lib/catalogue/catalogue.ts';
import type { RunReport } from '../../lib/catalogue/contract.ts';
import { type Chunk, parseRangeLabel, type Source } from '../../lib/domain/chunk.ts';
import { landingKey, receiptKey, refineResultKey, TABLES, tableKey } from '../../lib/domain/keys.ts';
import type { Series } from '../../lib/domain/series.ts';
import { CANDLES_SCHEMA, GAPS_SCHEMA } from '../../lib/domain/table-schema.ts';
import type { TimeRange } from '../../lib/domain/time-range.ts';
import type { Plan } from '../../lib/plan/contract.ts';
import type { Catalogue, ObjectStore, Partition } from '../../lib/ports.ts';
import type { SeriesReport, ShardReport } from '../../lib/refine/contract.ts';
import { gapColumns } from '../../lib/refine/gap-row.ts';
import { encodeParquet } from '../../lib/refine/parquet.ts';

const BTC: Series = { market: 'um', symbol: 'BTCUSDT', interval: '1h' };
const ETH: Series = { market: 'um', symbol: 'ETHUSDT', interval: '1h' };
const HOUR = 3_600_000;
const JAN = Date.UTC(2024, 0, 1);
const FEB = Date.UTC(2024, 1, 1);
const MAR = Date.UTC(2024, 2, 1);
const NOW = Date.UTC(2024, 2, 3, 10);
const SHA = 'a'.repeat(64);

/** A catalogue in memory: what Glue does, without Glue. */
function memoryCatalogue() {
  const known = new Set<string>();
  const target: Catalogue = {
    async addPartitions(table, partitions) {
      const before = known.size;
      for (const { market, symbol, interval, period } of partitions as Partition[]) {
        known.add([table, market, symbol, interval, period].join('/'));
      }
      return known.size - before;
    },
  };
  return { known, target };
}

function chunk(series: Series, source: Source, label: string): Chunk {
  return { series, source, range: parseRangeLabel(source, label), asOfMs: NOW, sizeBytes: 1 };
}

const REST = chunk(BTC, 'rest', '20240301T000000Z-20240303T090000Z');
const CHUNKS = [
  chunk(BTC, 'archive_monthly', '2024-01'),
  chunk(BTC, 'archive_monthly', '2024-02'),
  chunk(ETH, 'archive_daily', '2024-01-15'),
  REST,
];

function planOf(more: Partial<Plan> = {}): Plan {
  const range = { fromMs: JAN, toMs: MAR + 57 * HOUR };
  const planned = (series: Series) => ({
    series,
    range,
    periods: ['2024'],
    wantedCandles: (range.toMs - range.fromMs) / HOUR,
    wantedChunks: 3,
    landedChunks: 0,
    outOfReach: [],
    rest: true,
    lakeReads: 0,
  });
  return {
    runId: 'r1',
    market: 'um',
    interval: '1h',
    range,
    asOfMs: NOW,
    archiveOnly: false,
    notices: ['a notice'],
    series: [planned(BTC), planned(ETH)],
    chunks: CHUNKS,
    totals: { requests: 9 } as Plan['totals'],
    ...more,
  };
}

function shardOf(candles: number, first: number, last: number, more: Partial<ShardReport> = {}): ShardReport {
  return {
    period: '2024',
    manifestKey: 'm',
    manifestSha256: SHA,
    recomputed: true,
    candles,
    firstOpenTimeMs: first,
    lastOpenTimeMs: last,
    labels: 0,
    missing: 0,
    duplicates: 0,
    notClosed: 0,
    conflicts: 0,
    conflictSamples: [],
    quarantined: 0,
    grid: candles,
    accounted: {},
    unasked: 0,
    holes: [],
    sizeBytes: { candles: 1, features: 1, labels: 1, gaps: 1 },
    ...more,
  };
}

const WHOLE = shardOf(1497, JAN, MAR + 56 * HOUR);
const { holes: _, ...REPORTED } = WHOLE;

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

async function newLake() {
  const folder = mkdtempSync(join(tmpdir(), 'candlelake-'));
  folders.push(folder);
  const store = folderObjectStore(folder);
  const { known, target } = memoryCatalogue();
  const put = (key: string, value: unknown) => store.put(key, new TextEncoder().encode(JSON.stringify(value)));
  const land = async (one: Pick<Chunk, 'series' | 'source' | 'range'>) => {
    const id = { series: one.series, source: one.source, range: one.range, sha256: SHA };
    await store.put(landingKey(id), new Uint8Array([1]));
    await put(receiptKey(id), {});
  };
  const refined = (series: Series, shards: readonly ShardReport[], more: Partial<SeriesReport> = {}, runId = 'r1') =>
    put(refineResultKey(runId, series), { series, shards, ...more });
  const run = () =>
    catalogue({ runId: 'r1' }, { store, catalogue: target, clock: { nowMs: () => NOW, sleep: async () => {} } });
  return { store, known, put, land, refined, run };
}

async function reportOf(store: ObjectStore): Promise<RunReport> {
  const text = new TextDecoder().decode(await store.get('runs/r1/report.json'));
  expect(text).toMatch(/^[^\n]+\n$/);
  // Athena reads a copy, among nothing but reports.
  const copies = await store.list('run_reports/');
  expect(copies.map(({ key }) => key)).toEqual([`run_reports/day=${new Date(NOW).toISOString().slice(0, 10)}/r1.json`]);
  expect(new TextDecoder().decode(await store.get(copies[0]!.key))).toBe(text);
  return JSON.parse(text) as RunReport;
}

/** A lake where everything went well. */
async function finishedLake(plan = planOf()) {
  const lake = await newLake();
  await lake.put('runs/r1/plan.json', plan);
  for (const one of plan.chunks) await lake.land(one);
  for (const { series } of plan.series) await lake.refined(series, [WHOLE]);
  return lake;
}

test('a shard that lost all its candles has its partition in every table, and adds none to what was wanted', async () => {
  const lake = await finishedLake();
  const empty = shardOf(0, MAR + 57 * HOUR, MAR + 57 * HOUR, { period: '2025', grid: 24, quarantined: 24 });
  await lake.refined(BTC, [WHOLE, empty]);
  await lake.run();
  expect([...lake.known].filter((name) => name.endsWith('2025'))).toEqual(
    TABLES.map((table) => `${table}/um/BTCUSDT/1h/2025`),
  );
  const { complete, series } = await reportOf(lake.store);
  expect(complete).toBe(true);
  expect(series[0]).toMatchObject({ candles: 1497, wantedCandles: 1497, shards: [{ candles: 1497 }, { candles: 0 }] });
});

describe('a run in which everything landed and was refined', () => {
  test('is complete, says so in one line, and adds a partition of each table for each shard', async () => {
    const lake = await finishedLake();
    expect(await lake.run()).toEqual({
      runId: 'r1',
      complete: true,
      reportKey: 'runs/r1/report.json',
      summary: 'complete: 2,994 candles, 2 shards of 2 series',
    });
    expect([...lake.known].sort()).toEqual(
      ['candles', 'features', 'gaps', 'labels'].flatMap((table) => [
        `${table}/um/BTCUSDT/1h/2024`,
        `${table}/um/ETHUSDT/1h/2024`,
      ]),
    );
    expect(await reportOf(lake.store)).toMatchObject({
      complete: true,
      asOfMs: NOW,
      finishedAtMs: NOW,
      fromMs: JAN,
      toMs: MAR + 57 * HOUR,
      totals: { requests: 9 },
      notices: ['a notice'],
      fetchedChunks: 4,
      failures: [],
      recomputedShards: 2,
      partitionsAdded: 8,
      series: [
        { series: BTC, wantedCandles: 1497, candles: 1497, shards: [REPORTED] },
        { series: ETH, wantedCandles: 1497, candles: 1497, shards: [REPORTED] },
      ],
    });
  });

  test('has the sum of each series, over all of its shards, and not the ranges still to be asked for', async () => {
    const lake = await finishedLake();
    const holes = [{ fromMs: JAN, toMs: JAN + HOUR }];
    const one = { grid: 1_500, accounted: { unknown: { intervals: 3, candles: 0 } }, unasked: 2, holes };
    const two = {
      grid: 10,
      accounted: { exchange_absent: { intervals: 1, candles: 0 }, archive_hole: { intervals: 2, candles: 2 } },
    };
    await lake.refined(BTC, [shardOf(1497, JAN, MAR, one), { ...shardOf(9, MAR, MAR, two), period: '2025' }]);
    await lake.run();
    const { series } = await reportOf(lake.store);
    expect(series[0]!.ledger).toEqual({
      grid: 1_510,
      candles: 1_506,
      accounted: {
        exchange_absent: { intervals: 1, candles: 0 },
        archive_hole: { intervals: 2, candles: 2 },
        unknown: { intervals: 3, candles: 0 },
      },
      unasked: 2,
    });
    expect(JSON.stringify(series)).not.toContain('holes');
  });

  test('may be catalogued again: nothing is added, nothing else changes', async () => {
    const lake = await finishedLake();
    const first = await lake.run();
    expect(await lake.run()).toEqual(first);
    expect(await reportOf(lake.store)).toMatchObject({ partitionsAdded: 0, fetchedChunks: 4 });
  });

  test('with nothing to fetch is complete as well', async () => {
    const lake = await finishedLake(planOf({ chunks: [] }));
    expect((await lake.run()).complete).toBe(true);
  });

  test('says how many candles were wanted where the exchange has fewer', async () => {
    const lake = await finishedLake();
    await lake.refined(ETH, [shardOf(1490, JAN, MAR + 56 * HOUR, { missing: 7 })]);
    expect((await lake.run()).summary).toBe('complete: 2,987 of 2,994 candles, 2 shards of 2 series');
  });
});

describe('what has landed', () => {
  test.each<[string, Chunk, Pick<Chunk, 'series' | 'source' | 'range'>[], boolean]>([
    ['bytes of another month', CHUNKS[1]!, [CHUNKS[0]!], false],
    ['a daily file in place of a monthly', CHUNKS[1]!, [chunk(BTC, 'archive_daily', '2024-02-01')], false],
    ['the same file of another symbol', CHUNKS[1]!, [{ ...CHUNKS[1]!, series: ETH }], false],
    ['a REST window by two that meet', REST, [rest(MAR, MAR + HOUR), rest(MAR + HOUR, MAR + 57 * HOUR)], true],
    ['a REST window by two that do not meet', REST, [rest(MAR, MAR + HOUR), rest(MAR + 2 * HOUR, NOW)], false],
    ['a REST window by a longer one', REST, [rest(FEB, NOW)], true],
    ['a REST window by archive files', REST, ['2024-03-01', '2024-03-02', '2024-03-03'].map(daily), true],
    ['a REST window that ends an hour early', REST, [rest(MAR, MAR + 56 * HOUR)], false],
  ])('%s', async (_, wanted, there, expected) => {
    const lake = await finishedLake(planOf({ chunks: [] }));
    await lake.put('runs/r1/plan.json', planOf({ chunks: [wanted] }));
    for (const one of there) await lake.land(one);
    expect((await lake.run()).complete).toBe(expected);
  });

  test('bytes without a receipt do not count', async () => {
    const lake = await finishedLake(planOf({ chunks: [] }));
    await lake.put('runs/r1/plan.json', planOf({ chunks: [REST] }));
    await lake.store.put(landingKey({ ...REST, sha256: SHA }), new Uint8Array([1]));
    expect((await lake.run()).complete).toBe(false);
  });

  function rest(fromMs: number, toMs: number) {
    return { series: BTC, source: 'rest' as const, range: { fromMs, toMs } };
  }
  function daily(label: string) {
    return chunk(BTC, 'archive_daily', label);
  }
});

describe('failures', () => {
  const lambdaError = (errorType: string, errorMessage: string) => ({
    Error: errorType,
    Cause: JSON.stringify({ errorType, errorMessage, trace: ['at …'] }),
  });

  async function lakeWithout(missing: readonly Chunk[]) {
    const lake = await newLake();
    await lake.put('runs/r1/plan.json', planOf());
    for (const one of CHUNKS) if (!missing.includes(one)) await lake.land(one);
    for (const series of [BTC, ETH]) await lake.refined(series, [WHOLE]);
    return lake;
  }

  test('a chunk that failed is named with its error, and the partitions of the others are added', async () => {
    const lake = await lakeWithout([CHUNKS[1]!]);
    await lake.put('runs/r1/failures/archive-0.json', {
      stage: 'fetch',
      item: { runId: 'r1', batch: 'archive-0', chunks: CHUNKS.slice(0, 2) },
      error: lambdaError('CorruptObject', 'BTCUSDT-1h-2024-02.zip has sha256 3f…,\nexpected a1…'),
    });
    const result = await lake.run();
    expect(result.complete).toBe(false);
    expect(result.summary).toBe(
      'incomplete: 1 of 4 chunks failed: um/BTCUSDT/1h archive_monthly 2024-02 ' +
        '(CorruptObject: BTCUSDT-1h-2024-02.zip has sha256 3f…, expected a1…)',
    );
    expect(await reportOf(lake.store)).toMatchObject({
      fetchedChunks: 3,
      failures: [{ stage: 'fetch', name: 'um/BTCUSDT/1h archive_monthly 2024-02', error: 'CorruptObject' }],
    });
    expect(lake.known.size).toBe(8);
  });

  test('a failure made good since does not count', async () => {
    const lake = await lakeWithout([]);
    await lake.put('runs/r1/failures/a.json', { stage: 'fetch', item: { chunks: CHUNKS }, error: { Error: 'X' } });
    await lake.put('runs/r1/failures/b.json', { stage: 'refine', item: { series: ETH }, error: { Error: 'X' } });
    expect((await lake.run()).complete).toBe(true);
  });

  test('a chunk that is missing without a word is missing all the same', async () => {
    const lake = await lakeWithout([REST]);
    expect((await lake.run()).summary).toBe(
      'incomplete: 1 of 4 chunks failed: um/BTCUSDT/1h rest 20240301T000000Z-20240303T090000Z ' +
        '(NotFetched: no error was recorded)',
    );
  });

  test('many failures: three are named', async () => {
    const lake = await lakeWithout(CHUNKS);
    expect((await lake.run()).summary).toMatch(/^incomplete: 4 of 4 chunks failed: .* and 1 more$/);
  });

  test('a series without a report failed', async () => {
    const lake = await finishedLake();
    const other = await newLake();
    await other.put('runs/r1/plan.json', planOf());
    for (const one of CHUNKS) await other.land(one);
    await other.refined(BTC, [WHOLE]);
    // A report of an earlier run is not one of this run.
    await other.refined(ETH, [WHOLE], {}, 'r0');
    await other.put('runs/r1/failures/eth.json', {
      stage: 'refine',
      item: { runId: 'r1', series: ETH },
      error: lambdaError('UnexpectedFormat', 'row 812 has 11 fields, expected 12'),
    });
    expect((await other.run()).summary).toBe(
      'incomplete: 1 of 2 series failed: um/ETHUSDT/1h (UnexpectedFormat: row 812 has 11 fields, expected 12)',
    );
    expect(await reportOf(other.store)).toMatchObject({ series: [{ candles: 1497 }, { candles: 0, shards: [] }] });
    expect((await lake.run()).complete).toBe(true);
  });

  test.each<[string, unknown]>([
    ['item below input', { stage: 'fetch', input: { item: { chunks: [REST] } }, error: { Error: 'E', Cause: 'why' } }],
    ['fields of the item beside the error', { chunks: [REST], error: { Error: 'E', Cause: 'why' } }],
    ['an error with name and message', { item: { chunks: [REST] }, error: { name: 'E', message: 'why' } }],
    ['a cause already parsed', { item: { chunks: [REST] }, error: { Cause: { errorType: 'E', errorMessage: 'why' } } }],
    ['JSON within JSON', JSON.stringify({ item: { chunks: [REST] }, error: { Error: 'E', Cause: 'why' } })],
    ['error and cause at the top', { item: { chunks: [REST] }, Error: 'E', Cause: 'why' }],
    ['a Lambda payload as error', { item: { chunks: [REST] }, error: { errorType: 'E', errorMessage: 'why' } }],
  ])('understands %s', async (_, record) => {
    const lake = await lakeWithout([REST]);
    await lake.put('runs/r1/failures/x.json', record);
    expect(await lake.run()).toMatchObject({ summary: expect.stringMatching(/\(E: why\)$/) });
  });

  test.each(['not json', '', '[]', '{"stage": "fetch"}', 'null'])(
    'a failure nobody can read is one: %j',
    async (text) => {
      const lake = await finishedLake();
      await lake.store.put('runs/r1/failures/odd.json', new TextEncoder().encode(text));
      const result = await lake.run();
      expect(result.complete).toBe(false);
      expect(result.summary).toContain('runs/r1/failures/odd.json');
    },
  );

  test('a run without a plan is refused', async () => {
    const lake = await newLake();
    await expect(lake.run()).rejects.toMatchObject({ name: 'BadInput', message: expect.stringContaining("'r1'") });
    expect(await lake.store.get('runs/r1/report.json')).toBeUndefined();
  });
});

describe('candles inside the range', () => {
  const open = { fromMs: JAN + 10 * HOUR, toMs: JAN + 20 * HOUR };

  async function candlesIn(range: TimeRange, openTimes: readonly number[]) {
    const base = planOf({ chunks: [], range });
    const lake = await finishedLake({ ...base, series: [{ ...base.series[0]!, range }] });
    const shard = shardOf(openTimes.length, openTimes[0]!, openTimes.at(-1)!);
    await lake.refined(BTC, [shard]);
    const values = Float64Array.from(openTimes);
    const columns = CANDLES_SCHEMA.columns.map(({ name }) => {
      const text = { words: ['rest'], codes: new Uint8Array(values.length) };
      return [
        name,
        name === 'source' ? text : name.endsWith('time') ? values : new Float64Array(values.length),
      ] as const;
    });
    await lake.store.put(
      tableKey('candles', BTC, '2024'),
      encodeParquet(CANDLES_SCHEMA, values.length, new Map(columns)),
    );
    await lake.run();
    return (await reportOf(lake.store)).series[0]!.candles;
  }

  const hours = (from: number, to: number, without: readonly number[] = []) =>
    Array.from({ length: to - from }, (_, i) => from + i)
      .filter((hour) => !without.includes(hour))
      .map((hour) => JAN + hour * HOUR);

  test.each<[string, number[], number]>([
    ['a shard wholly inside', hours(12, 15), 3],
    ['a shard that sticks out on both sides', hours(0, 48), 10],
    ['a shard that ends where the range begins', hours(0, 10), 0],
    ['a shard that begins where the range ends', hours(20, 30), 0],
    ['a cut shard with a hole inside the range', hours(0, 48, [12, 13]), 8],
    ['a cut shard with a hole outside the range', hours(0, 48, [3, 4, 5, 30]), 10],
    ['a cut shard with a hole over the border', hours(0, 48, [8, 9, 10, 11]), 8],
  ])('%s', async (_, openTimes, expected) => {
    const range = { ...open };
    expect(openTimes.filter((timeMs) => timeMs >= range.fromMs && timeMs < range.toMs)).toHaveLength(expected);
    expect(await candlesIn(range, openTimes)).toBe(expected);
  });
});

describe('a run that asked about holes', () => {
  const HOLE = { fromMs: JAN + 5 * HOUR, toMs: JAN + 9 * HOUR };
  const WINDOW: Chunk = { series: BTC, source: 'rest', range: HOLE, asOfMs: NOW, sizeBytes: 1 };

  async function holedLake(more: Partial<SeriesReport>) {
    const lake = await finishedLake();
    const series = [{ series: BTC, madePeriods: ['2024'] }];
    const amounts = { candles: 4, leftCandles: 1, notices: ['another notice'] };
    await lake.put('runs/r1/holes.json', { runId: 'r1', chunks: [WINDOW], ...amounts, series });
    await lake.refined(BTC, [{ ...WHOLE, recomputed: false }], more);
    return lake;
  }

  test('is complete once the answers landed and were refined; shards made before the holes were known count', async () => {
    const lake = await holedLake({ askedHoles: true });
    await lake.land(WINDOW);
    expect((await lake.run()).complete).toBe(true);
    expect(await reportOf(lake.store)).toMatchObject({
      fetchedChunks: 5,
      recomputedShards: 2,
      notices: [
        'a notice',
        'asked REST for 4 candles that archive files lack; left for the next run: 1 candle',
        'another notice',
      ],
    });
  });

  test('lacks an answer that did not land, although an archive file covers it', async () => {
    const lake = await holedLake({});
    const { complete, summary } = await lake.run();
    expect(complete).toBe(false);
    expect(summary).toMatch(
      /^incomplete: 1 of 5 chunks failed: um\/BTCUSDT\/1h rest 20240101T050000Z-20240101T090000Z/,
    );
  });

  test('lacks a series that was not refined after the answer', async () => {
    const lake = await holedLake({});
    await lake.land(WINDOW);
    await lake.put('runs/r1/failures/refine-um_BTCUSDT_1h.json', {
      stage: 'refine',
      item: { series: BTC },
      error: { Error: 'UnexpectedFormat', Cause: '{"errorType":"UnexpectedFormat","errorMessage":"row 7"}' },
    });
    await lake.run();
    expect((await reportOf(lake.store)).failures).toEqual([
      { stage: 'refine', name: 'um/BTCUSDT/1h', error: 'UnexpectedFormat', message: 'row 7' },
    ]);
  });
});

describe('an archive file that the exchange did not give', () => {
  const FEBRUARY = CHUNKS[1]!;
  const failed = [{ source: FEBRUARY.source, range: FEBRUARY.range, error: 'CorruptObject', message: 'wrong sha256' }];
  const named = { stage: 'fetch', name: 'um/BTCUSDT/1h archive_monthly 2024-02', error: 'CorruptObject' } as const;

  /** All has landed but the file, and the series ends so many hours before the end of February, or goes on. */
  async function lakeWithoutFile(lacking: number, more: Partial<SeriesReport> = { failed }, chunk = FEBRUARY) {
    const lake = await newLake();
    await lake.put('runs/r1/plan.json', planOf({ chunks: CHUNKS.map((one) => (one === FEBRUARY ? chunk : one)) }));
    for (const one of CHUNKS) if (one !== FEBRUARY) await lake.land(one);
    const cut = shardOf(1440 - lacking, JAN, MAR - (lacking + 1) * HOUR, {
      accounted: { exchange_absent: { intervals: 5, candles: 0 }, fetch_failed: { intervals: lacking, candles: 0 } },
    });
    await lake.refined(BTC, [lacking > 0 ? cut : WHOLE], more);
    await lake.refined(ETH, [WHOLE]);
    return lake;
  }

  test('and others did: it is healed, and the run incomplete all the same', async () => {
    const lake = await lakeWithoutFile(0);
    expect((await lake.run()).summary).toBe(
      'incomplete: 1 of 4 chunks failed: um/BTCUSDT/1h archive_monthly 2024-02 (CorruptObject: wrong sha256); ' +
        'healed by other sources: um/BTCUSDT/1h archive_monthly 2024-02',
    );
    expect(await reportOf(lake.store)).toMatchObject({
      ...{ complete: false, failures: [named], healed: [named], fetchedChunks: 3 },
    });
  });

  test('is named with what the lake knows of it, where its batch ended with another of its chunks', async () => {
    const lake = await lakeWithoutFile(0);
    const put = (message: string) =>
      lake.put('runs/r1/failures/fetch-0.json', {
        stage: 'fetch',
        item: { batch: '0', chunks: CHUNKS },
        error: { Error: 'NotPublished', Cause: JSON.stringify({ errorType: 'NotPublished', errorMessage: message }) },
      });
    await put('um/BTCUSDT/1h archive_monthly 2024-01: HTTP 404 (and 1 more of 4 chunks failed)');
    await lake.run();
    expect((await reportOf(lake.store)).failures).toEqual([{ ...named, message: 'wrong sha256' }]);
    await put(`${named.name}: HTTP 404`);
    await lake.run();
    const failures = [{ ...named, error: 'NotPublished', message: `${named.name}: HTTP 404` }];
    expect((await reportOf(lake.store)).failures).toEqual(failures);
  });

  test.each([
    ['five hours that the ledger calls absent', 5, JAN, true],
    ['six hours, of which it calls five absent', 6, JAN, false],
    ['five hours, and the ledger calls absent what is elsewhere', 5, JAN + HOUR, false],
  ])('nor anybody else %s', async (_, lacking, shift, healed) => {
    const lake = await lakeWithoutFile(lacking);
    const fromMs = shift - JAN + MAR - 5 * HOUR;
    const row = { fromMs, toMs: fromMs + 5 * HOUR, class: 'exchange_absent', intervals: 5, candles: 0 } as const;
    const columns = gapColumns([{ ...row, knownAtMs: NOW, evidence: '{}' }]);
    await lake.store.put(tableKey('gaps', BTC, '2024'), encodeParquet(GAPS_SCHEMA, 1, columns));
    await lake.run();
    expect((await reportOf(lake.store)).healed).toHaveLength(healed ? 1 : 0);
  });

  test.each<[string, Partial<SeriesReport>, Chunk]>([
    ['a fault of ours kept from landing', {}, FEBRUARY],
    ['is wanted as it is now', { failed }, { ...FEBRUARY, revision: { lastModifiedMs: NOW, sizeBytes: 9 } }],
  ])('and that %s is missing, whatever candles there are', async (_, more, chunk) => {
    const lake = await lakeWithoutFile(0, more, chunk);
    expect(await lake.run()).toMatchObject({ complete: false });
    expect(await reportOf(lake.store)).toMatchObject({ failures: [{ name: named.name }], healed: [] });
  });
});

test('a revised file has landed when a receipt is as new as the archive says', async () => {
  const [chunk] = CHUNKS.filter(({ source }) => source === 'archive_monthly') as [Chunk];
  const revision = { lastModifiedMs: NOW, sizeBytes: 9 };
  const lake = await finishedLake(planOf({ chunks: [{ ...chunk, revision }] }));
  const { series, source, range } = chunk;
  const key = receiptKey({ series, source, range, sha256: SHA });
  const receiptOf = (ms: number) => ({ sizeBytes: 9, lastModified: new Date(ms).toUTCString() });
  await lake.put(key, receiptOf(NOW - 1000));
  expect((await lake.run()).complete).toBe(false);
  await lake.put(key, receiptOf(NOW));
  expect((await lake.run()).complete).toBe(true);
});
