import fc from 'fast-check';
import type { Interval } from '../../lib/domain/interval.ts';
import { candleRow, candleRows } from './candle-rows.ts';
import { type LandedObject, landedObject, type SeriesAnswer } from './landed-lake.ts';
import { btc, page, refinedLake } from './refined-lake.ts';
import { madeIn } from './watched-store.ts';

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
