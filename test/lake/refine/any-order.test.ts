import fc from 'fast-check';
import type { Interval } from '../../../lib/domain/interval.ts';
import { landingKey, landingMemoryKey } from '../../../lib/lake/keys.ts';
import { candleRow, candleRows } from '../../support/candles.ts';
import { type LandedObject, landedObject, type SeriesAnswer } from '../../support/landing.ts';
import { btc, page, type RefinedLake, refinedLake } from '../../support/refined-lake.ts';
import { madeIn } from '../../support/store.ts';

/** Candles with another seed: what a source says that does not agree with the others. */
const otherRows = (interval: Interval, from: string, count: number) => candleRows(interval, from, count, 2);
const month = (from: string, to: string) => ({ fromMs: Date.parse(from), toMs: Date.parse(to) });

/**
 * Answers over three shards each: neighbours, overlaps that agree and that do not, holes, empty ones, one over two
 * periods, one of candles that were not closed, rows out of order, a shard shorter than the label horizon.
 */
const ANSWERS: Readonly<Partial<Record<Interval, readonly SeriesAnswer[]>>> = {
  '12h': [
    page('12h', '2021-12-01T00:00Z', 62, { source: 'archive_monthly', range: month('2021-12-01', '2022-01-01') }),
    { source: 'rest', rows: otherRows('12h', '2021-12-30T00:00Z', 8), fetchedAtMs: 5 },
    page('12h', '2022-01-02T00:00Z', 20, { fetchedAtMs: 6 }),
    { source: 'rest', rows: otherRows('12h', '2022-01-05T00:00Z', 6), fetchedAtMs: 7 },
    { source: 'archive_daily', rows: [candleRow('12h', Date.parse('2022-01-06T00:00Z'), 3)] },
    page('12h', '2022-12-20T00:00Z', 24, { fetchedAtMs: 8 }),
    page('12h', '2023-01-01T00:00Z', 6, { asOfMs: Date.parse('2023-01-02T12:00Z'), fetchedAtMs: 9 }),
    { source: 'rest', rows: [], range: month('2023-02-01', '2023-03-01') },
    {
      source: 'rest',
      rows: candleRows('12h', '2023-01-03T12:00Z', 9).reverse(),
      range: month('2023-01-03', '2023-02-01'),
    },
  ],
  '1h': [
    page('1h', '2021-12-31T10:00Z', 14),
    page('1h', '2022-03-01T00:00Z', 5),
    page('1h', '2022-12-31T20:00Z', 30, { fetchedAtMs: 4 }),
    { source: 'rest', rows: otherRows('1h', '2023-01-01T01:00Z', 3), fetchedAtMs: 5 },
    page('1h', '2023-01-02T02:00Z', 26, { source: 'archive_daily', range: month('2023-01-02', '2023-01-04') }),
  ],
  '1m': [
    page('1m', '2024-01-31T23:30Z', 60, { fetchedAtMs: 1 }),
    page('1m', '2024-02-29T22:00Z', 120, { source: 'archive_daily', range: month('2024-02-29', '2024-03-01') }),
    { source: 'rest', rows: otherRows('1m', '2024-02-29T23:50Z', 30), fetchedAtMs: 2 },
    page('1m', '2024-03-01T00:20Z', 40, { fetchedAtMs: 3 }),
  ],
  '1d': [
    page('1d', '2023-12-20T00:00Z', 12),
    page('1d', '2024-01-01T00:00Z', 31, { source: 'archive_monthly', range: month('2024-01-01', '2024-02-01') }),
    { source: 'rest', rows: otherRows('1d', '2024-01-30T00:00Z', 6), fetchedAtMs: 2 },
  ],
};

describe.each(Object.keys(ANSWERS) as Interval[])('%s', (interval) => {
  let objects: LandedObject[];
  let atOnce: Record<string, string>;
  beforeAll(async () => {
    const series = btc(interval);
    objects = await Promise.all(ANSWERS[interval]!.map((answer) => landedObject({ series, ...answer })));
    const lake = refinedLake(series);
    await lake.landObjects(objects);
    const { all } = await lake.periods();
    expect(all).toHaveLength(interval === '1d' ? 1 : 3);
    atOnce = await madeIn(lake.store);
  });

  test('any order of landing, refined any number of times in between, gives the same bytes', async () => {
    const order = fc.shuffledSubarray([...ANSWERS[interval]!.keys()], { minLength: ANSWERS[interval]!.length });
    const pauses = fc.array(fc.boolean(), { minLength: 9, maxLength: 9 });
    await fc.assert(
      fc.asyncProperty(order, pauses, async (indices, refineAfter) => {
        const lake = refinedLake(btc(interval));
        for (const [step, index] of indices.entries()) {
          await lake.landObjects([objects[index]!]);
          if (refineAfter[step]) await lake.refine();
        }
        await lake.refine();
        expect(await madeIn(lake.store)).toEqual(atOnce);
        expect((await lake.periods()).recomputed).toEqual([]);
      }),
      { numRuns: 8 },
    );
  });

  test('one object at a time, each refined, with time for one shard only, gives the same bytes', async () => {
    const lake = refinedLake(btc(interval));
    for (const one of objects) {
      await lake.landObjects([one]);
      while (!(await lake.refine({ outOfTime: () => true })).done);
    }
    expect(await madeIn(lake.store)).toEqual(atOnce);
  });

  test('by code that changed in between, gives the same bytes', async () => {
    const lake = refinedLake(btc(interval));
    const half = Math.ceil(objects.length / 2);
    await lake.landObjects(objects.slice(half));
    await lake.refine({ codeHash: 'older code' });
    await lake.landObjects(objects.slice(0, half));
    await lake.refine();
    expect(await madeIn(lake.store)).toEqual(atOnce);
  });
});

describe('pages that were open when they were asked', () => {
  const DAY = Date.parse('2022-12-31');
  const NEXT = Date.parse('2023-01-01');
  const LATER = Date.parse('2023-03-01');
  const open = (dayMs: number, count: number, fetchedAtMs: number): SeriesAnswer =>
    page('4h', new Date(dayMs).toISOString(), count, { openPageMs: dayMs, fetchedAtMs });
  const empty = (hours: number, fetchedAtMs: number): SeriesAnswer => {
    const range = { fromMs: LATER, toMs: LATER + hours * 3_600_000 };
    return { source: 'rest', rows: [], range, openPageMs: LATER, fetchedAtMs };
  };
  const day = (rows: readonly string[], fetchedAtMs: number): SeriesAnswer => {
    return { source: 'archive_daily', rows, range: month('2023-01-01', '2023-01-02'), fetchedAtMs };
  };
  const rows = candleRows('4h', '2023-01-01T00:00Z', 6);
  /**
   * One step of time after the other; within each, what lands in any order. Growing answers, one of them with other
   * values; the whole page; a file that lacks a candle, and its newer version that does not; answers without a candle.
   */
  const STEPS: readonly (readonly SeriesAnswer[])[] = [
    [open(DAY, 2, 1), open(DAY, 4, 2), page('4h', '2022-12-31T00:00Z', 6, { fetchedAtMs: 3 })],
    [
      ...[1, 3, 5].map((count) => open(NEXT, count, 10 * count)),
      { source: 'rest', rows: otherRows('4h', '2023-01-01T00:00Z', 2), openPageMs: NEXT, fetchedAtMs: 35 },
    ],
    [day([rows[0]!, ...rows.slice(2)], 60), day(rows, 70)],
    [page('4h', '2022-12-01T00:00Z', 186, { source: 'archive_monthly', range: month('2022-12-01', '2023-01-01') })],
    [empty(8, 80), empty(12, 90)],
    [page('4h', '2024-01-03T00:00Z', 9, { fetchedAtMs: 100 })],
  ];
  const series = btc('4h');
  let objects: LandedObject[][];
  let atOnce: Record<string, string>;
  beforeAll(async () => {
    const landed = (answer: SeriesAnswer) => landedObject({ series, ...answer });
    objects = await Promise.all(STEPS.map((answers) => Promise.all(answers.map(landed))));
    const lake = refinedLake(series);
    await lake.landObjects(objects.flat());
    expect((await lake.periods()).all).toEqual(['2022', '2023', '2024']);
    expect((await lake.report()).shards.map(({ conflicts }) => conflicts)).toEqual([0, 2, 0]);
    atOnce = await madeIn(lake.store);
  });

  test('any order, refined any number of times, with its memory lost now and then, gives the same', async () => {
    const orders = fc.tuple(...STEPS.map((step) => fc.shuffledSubarray([...step.keys()], { minLength: step.length })));
    const after = fc.array(fc.constantFrom('refine', 'forget and refine', 'nothing'), { minLength: 13, maxLength: 13 });
    await fc.assert(
      fc.asyncProperty(orders, after, async (order, then) => {
        const lake = refinedLake(series);
        const inOrder = order.flatMap((indices, step) => indices.map((index) => objects[step]![index]!));
        for (const [at, object] of inOrder.entries()) {
          await lake.landObjects([object]);
          if (then[at] === 'forget and refine') await lake.store.put(landingMemoryKey(series), Buffer.from('damaged'));
          if (then[at] !== 'nothing') await lake.refine();
        }
        await lake.refine();
        expect(await madeIn(lake.store)).toEqual(atOnce);
        expect((await lake.periods()).recomputed).toEqual([]);
      }),
      { numRuns: 8 },
    );
  });

  test('what is contained is read once, and listed no more once its page has closed', async () => {
    const lake = refinedLake(series);
    for (const object of objects.flat()) {
      await lake.landObjects([object]);
      await lake.refine();
    }
    const memory = JSON.parse(Buffer.from((await lake.store.get(landingMemoryKey(series)))!).toString());
    expect(memory.listOpenFromMs).toBe(Date.parse('2024-01-03'));
    // The answer that no answer of REST contains, because it differs; and those of which no whole page landed.
    const named = memory.open.map(({ key }: { key: string }) => /source=rest\/([^/]+)/.exec(key)![1]);
    expect(named).toEqual([
      '20230101T000000Z-20230101T080000Z',
      '20230101T000000Z-20230101T200000Z',
      '20230301T000000Z-20230301T120000Z',
    ]);
    const landed = new Set(objects.flat().map(({ id }) => landingKey(id)));
    const read = await keysRead(lake, () => lake.refine({ codeHash: 'other code' }));
    expect(read.filter((key) => landed.has(key)).map((key) => key.slice(key.indexOf('source=')))).toHaveLength(6);
  });
});

/** Keys of the objects that are read meanwhile. */
async function keysRead(lake: RefinedLake, work: () => Promise<unknown>): Promise<string[]> {
  const keys: string[] = [];
  const { get } = lake.store;
  const watched = lake.store as { get: typeof get };
  watched.get = (key) => {
    keys.push(key);
    return get(key);
  };
  await work();
  watched.get = get;
  return keys;
}
