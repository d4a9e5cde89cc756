import type { Chunk } from '../../../lib/domain/chunk.ts';
import type { Series } from '../../../lib/domain/series.ts';
import { isoTime, type TimeRange } from '../../../lib/domain/time-range.ts';
import { type Exchange, startExchange } from '../../../lib/exchange/simulated/exchange.ts';
import type { SeriesBatch } from '../../../lib/lake/fetch/contract.ts';
import { receiptKey, refineResultKey, runKey } from '../../../lib/lake/keys.ts';
import type { FailedFile } from '../../../lib/lake/manifest/contract.ts';
import { type MemoryStore, memoryStore } from '../../../lib/lake/memory-store.ts';
import type { HolesPlan, Plan, SeriesItem } from '../../../lib/lake/plan/contract.ts';
import { holeDays } from '../../../lib/lake/plan/hole-days.ts';
import { plan } from '../../../lib/lake/plan/plan.ts';
import type { SeriesReport } from '../../../lib/lake/refine/contract.ts';
import { testClock } from '../../support/clock.ts';
import { exchangeAccess } from '../../support/exchange-access.ts';
import { HOUR_MS } from '../../support/time.ts';

const ASOF = Date.parse('2024-01-03T09:10Z');
const RANGE = { fromMs: Date.UTC(2015, 0, 1), toMs: Date.UTC(2024, 0, 1) };
const seriesOf = (symbol: string): Series => ({ market: 'um', symbol, interval: '1h' });

/** Holes of an hour each, farther apart than a page reaches. */
const farApart = (count: number): TimeRange[] =>
  Array.from({ length: count }, (_, i) => {
    const fromMs = RANGE.fromMs + i * 500 * HOUR_MS;
    return { fromMs, toMs: fromMs + HOUR_MS };
  });

let store: MemoryStore;
beforeEach(() => {
  store = memoryStore();
});

const put = (key: string, value: unknown) => store.put(key, new TextEncoder().encode(JSON.stringify(value)));
const read = <T>(key: string) => JSON.parse(Buffer.from(store.objects.get(key)!).toString()) as T;

interface Given {
  readonly symbol: string;
  readonly holes: readonly TimeRange[];
  readonly rest?: boolean;
  readonly range?: TimeRange;
  readonly failed?: readonly FailedFile[];
  /** False if refine failed. */
  readonly reported?: boolean;
}

async function given(all: readonly Given[], chunks: readonly Chunk[] = []): Promise<void> {
  const planned = all.map(({ symbol, rest = true, range = RANGE }) => ({ series: seriesOf(symbol), range, rest }));
  await put(runKey('r1', 'plan.json'), {
    runId: 'r1',
    market: 'um',
    asOfMs: ASOF,
    series: planned,
    chunks,
  } as unknown as Plan);
  for (const { symbol, holes, failed, reported = true } of all) {
    const whole = [
      { period: '2014', recomputed: false, holes: [] },
      { period: '2015', recomputed: true, holes },
    ];
    // A series without a candle has no shard.
    const shards = failed ? [] : whole;
    const report = { series: seriesOf(symbol), shards, ...(failed && { failed }) } as unknown as SeriesReport;
    if (reported) await put(refineResultKey('r1', seriesOf(symbol)), report);
  }
}

const nobody = { get: () => Promise.reject(new Error('nobody is asked')) };
const planHoles = () =>
  plan({ runId: 'r1', holes: true }, { ...exchangeAccess(testClock(7), 'http://127.0.0.1', nobody), store });

test('one request a page, batches of eighty, and the series concerned', async () => {
  await given([
    { symbol: 'AAAUSDT', holes: farApart(81) },
    { symbol: 'BBBUSDT', holes: [] },
    { symbol: 'CCCUSDT', holes: [{ fromMs: RANGE.fromMs, toMs: RANGE.fromMs + HOUR_MS }] },
  ]);
  const result = await planHoles();
  expect(result).toEqual({
    runId: 'r1',
    chunks: 82,
    restKey: 'runs/r1/holes-rest.json',
    seriesKey: 'runs/r1/holes-series.json',
  });
  const batches = read<SeriesBatch[]>(result.restKey);
  expect(batches.map(({ batch, chunks }) => [batch, chunks.length])).toEqual([
    ['holes-00001', 80],
    ['holes-00002', 2],
  ]);
  expect(batches[1]!.chunks[1]).toEqual({
    series: seriesOf('CCCUSDT'),
    source: 'rest',
    range: { fromMs: RANGE.fromMs, toMs: RANGE.fromMs + HOUR_MS },
    asOfMs: ASOF,
    sizeBytes: 130,
  });
  // An item is the input of its child, and its failure is written with it.
  expect(JSON.stringify(batches[0]).length).toBeLessThan(262_144 / 8);
  expect(read<SeriesItem[]>(result.seriesKey).map(({ series }) => series.symbol)).toEqual(['AAAUSDT', 'CCCUSDT']);
  expect(read<HolesPlan>('runs/r1/holes.json')).toMatchObject({ candles: 82, leftCandles: 0 });
  expect(read<HolesPlan>('runs/r1/holes.json').series[0]!.madePeriods).toEqual(['2015']);
});

test('very many are shared out, the rest is left for the next run, and no series starves', async () => {
  await given(
    [
      { symbol: 'AAAUSDT', holes: [{ fromMs: RANGE.fromMs, toMs: RANGE.fromMs + 499 * 7_000 * HOUR_MS }] },
      { symbol: 'BBBUSDT', holes: farApart(10) },
    ].map((one) => ({ ...one, range: { fromMs: RANGE.fromMs, toMs: Number.MAX_SAFE_INTEGER } })),
  );
  expect(await planHoles()).toMatchObject({ chunks: 6_000 });
  const holes = read<HolesPlan>('runs/r1/holes.json');
  expect(holes.chunks.filter(({ series }) => series.symbol === 'BBBUSDT')).toHaveLength(10);
  expect(holes).toMatchObject({ candles: 5_990 * 499 + 10, leftCandles: 1_010 * 499 });
});

describe('where REST cannot be asked', () => {
  let exchange: Exchange;
  beforeAll(async () => {
    exchange = await startExchange({ nowMs: Date.parse('2024-01-03T10:00Z') });
  });
  beforeEach(() => exchange.faults.clear());
  afterAll(() => exchange.close());

  const hours = (from: string, to: string) => ({ fromMs: Date.parse(from), toMs: Date.parse(to) });
  const ask = () => {
    exchange.requests.length = 0;
    return plan({ runId: 'r1', holes: true }, { ...exchangeAccess(testClock(7), exchange.url), store });
  };
  const btc = { symbol: 'BTCUSDT', rest: false, range: hours('2023-11-01T00:00Z', '2024-01-03T09:00Z') };
  const chunkOf = (day: string): Chunk => {
    const fromMs = Date.parse(day);
    return {
      ...{ series: seriesOf('BTCUSDT'), source: 'archive_daily', asOfMs: 7, sizeBytes: 0 },
      range: { fromMs, toMs: fromMs + 24 * HOUR_MS },
    };
  };

  test('the daily files of the days of a hole, except those that landed or were tried, in batches of 31', async () => {
    const holes = [hours('2023-11-03T23:00Z', '2023-11-05T02:00Z'), hours('2023-11-28T05:00Z', '2024-01-03T09:00Z')];
    await given([{ ...btc, holes }], [chunkOf('2023-11-30')]);
    const landed = { ...chunkOf('2023-11-29'), sha256: 'a'.repeat(64) };
    await put(receiptKey(landed), landed);
    const result = await ask();
    const batches = read<SeriesBatch[]>(result.restKey);
    const days = batches.map(({ batch, chunks }) => [
      batch,
      ...chunks.map(({ range }) => isoTime(range.fromMs).slice(5, 10)),
    ]);
    const december = Array.from({ length: 31 }, (_, index) => `12-${String(index + 1).padStart(2, '0')}`);
    expect(days).toEqual([
      ['holes-daily-00001', '11-03', '11-04', '11-05', '11-28', ...december.slice(0, 27)],
      // The third is not over, and has no file.
      ['holes-daily-00002', ...december.slice(27), '01-01', '01-02'],
    ]);
    expect(batches[0]!.chunks[0]).toMatchObject({ source: 'archive_daily', asOfMs: ASOF, series: seriesOf('BTCUSDT') });
    const missing = 1 + 24 + 2 + 19 + 31 * 24 + 48;
    expect(read<HolesPlan>('runs/r1/holes.json')).toMatchObject({ candles: missing, leftCandles: 0, notices: [] });
    expect(exchange.requests.map(({ path }) => path.slice(-7)).sort()).toEqual(['2023-11', '2023-12', '2024-01']);
  });

  test('an archive that does not answer is said, once for all series, and asked no more', async () => {
    exchange.faults.add({ kind: 'status', status: 403 });
    const holes = [hours('2023-11-03T23:00Z', '2023-12-05T02:00Z')];
    await given(Array.from({ length: 40 }, (_, index) => ({ ...btc, symbol: `A${index}USDT`, holes })));
    expect(await ask()).toMatchObject({ chunks: 0 });
    expect(read<HolesPlan>('runs/r1/holes.json').notices).toEqual([
      expect.stringMatching(/^archive did not tell which daily files it has for the holes of 40 series: .*HTTP 403/),
    ]);
    // Thirty-two at once, four tries each.
    expect(exchange.requests.length).toBeLessThanOrEqual(128);
  });

  test('intervals of days have no daily files', async () => {
    const series: Series = { ...seriesOf('BTCUSDT'), interval: '3d' };
    const world = {
      store,
      dailyFiles: () => Promise.reject(new Error('nobody is asked')),
      tried: new Set<string>(),
      asOfMs: 7,
    };
    expect(await holeDays(series, [hours('2023-11-03T23:00Z', '2023-12-05T02:00Z')], world)).toEqual([]);
  });
});

test.each<[string, Partial<Given>]>([
  [
    'outside of what the run wants',
    { range: { fromMs: RANGE.fromMs + 5 * HOUR_MS, toMs: RANGE.fromMs + 9 * HOUR_MS } },
  ],
  ['of a series that refine did not finish', { reported: false }],
])('nothing %s, and nothing is written', async (_, more) => {
  await given([{ symbol: 'AAAUSDT', holes: farApart(1), ...more }]);
  const before = store.objects.size;
  expect(await planHoles()).toMatchObject({ chunks: 0 });
  expect(store.objects.size).toBe(before);
});

test('a run without a plan is bad input', async () => {
  await expect(planHoles()).rejects.toThrow("run must have a plan at runs/r1/plan.json, got run 'r1'");
});
