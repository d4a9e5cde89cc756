import { refineResultKey, runKey } from '../../lib/domain/keys.ts';
import type { Series } from '../../lib/domain/series.ts';
import type { TimeRange } from '../../lib/domain/time-range.ts';
import type { ChunkBatch, HolesPlan, Plan, SeriesItem } from '../../lib/plan/contract.ts';
import { plan } from '../../lib/plan/plan.ts';
import type { SeriesReport } from '../../lib/refine/contract.ts';
import { type MemoryStore, memoryStore } from '../chaos/memory-store.ts';

const HOUR = 3_600_000;
const RANGE = { fromMs: Date.UTC(2015, 0, 1), toMs: Date.UTC(2024, 0, 1) };
const seriesOf = (symbol: string): Series => ({ market: 'um', symbol, interval: '1h' });

/** Holes of an hour each, farther apart than a page reaches. */
const farApart = (count: number): TimeRange[] =>
  Array.from({ length: count }, (_, i) => {
    const fromMs = RANGE.fromMs + i * 500 * HOUR;
    return { fromMs, toMs: fromMs + HOUR };
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
  /** False where refine failed. */
  readonly reported?: boolean;
}

async function given(all: readonly Given[]): Promise<void> {
  const planned = all.map(({ symbol, rest = true, range = RANGE }) => ({ series: seriesOf(symbol), range, rest }));
  await put(runKey('r1', 'plan.json'), { runId: 'r1', asOfMs: 7, series: planned } as unknown as Plan);
  for (const { symbol, holes, reported = true } of all) {
    const shards = [
      { period: '2014', recomputed: false, holes: [] },
      { period: '2015', recomputed: true, holes },
    ];
    const report = { series: seriesOf(symbol), shards } as unknown as SeriesReport;
    if (reported) await put(refineResultKey('r1', seriesOf(symbol)), report);
  }
}

const planHoles = () => plan({ runId: 'r1', holes: true }, { store });

test('one request a page, batches of eighty, and the series concerned', async () => {
  await given([
    { symbol: 'AAAUSDT', holes: farApart(81) },
    { symbol: 'BBBUSDT', holes: [] },
    { symbol: 'CCCUSDT', holes: [{ fromMs: RANGE.fromMs, toMs: RANGE.fromMs + HOUR }] },
  ]);
  const result = await planHoles();
  expect(result).toEqual({
    runId: 'r1',
    chunks: 82,
    restKey: 'runs/r1/holes-rest.json',
    seriesKey: 'runs/r1/holes-series.json',
  });
  const batches = read<ChunkBatch[]>(result.restKey);
  expect(batches.map(({ batch, chunks }) => [batch, chunks.length])).toEqual([
    ['holes-00001', 80],
    ['holes-00002', 2],
  ]);
  expect(batches[1]!.chunks[1]).toEqual({
    series: seriesOf('CCCUSDT'),
    source: 'rest',
    range: { fromMs: RANGE.fromMs, toMs: RANGE.fromMs + HOUR },
    asOfMs: 7,
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
      { symbol: 'AAAUSDT', holes: [{ fromMs: RANGE.fromMs, toMs: RANGE.fromMs + 499 * 7_000 * HOUR }] },
      { symbol: 'BBBUSDT', holes: farApart(10) },
    ].map((one) => ({ ...one, range: { fromMs: RANGE.fromMs, toMs: Number.MAX_SAFE_INTEGER } })),
  );
  expect(await planHoles()).toMatchObject({ chunks: 6_000 });
  const holes = read<HolesPlan>('runs/r1/holes.json');
  expect(holes.chunks.filter(({ series }) => series.symbol === 'BBBUSDT')).toHaveLength(10);
  expect(holes).toMatchObject({ candles: 5_990 * 499 + 10, leftCandles: 1_010 * 499 });
});

test.each<[string, Partial<Given>]>([
  ['of a series that REST cannot be asked about', { rest: false }],
  ['outside of what the run wants', { range: { fromMs: RANGE.fromMs + 5 * HOUR, toMs: RANGE.fromMs + 9 * HOUR } }],
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
