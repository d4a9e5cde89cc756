import fc from 'fast-check';
import { parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { floorOpenTime, INTERVALS, type Interval, nextOpenTime } from '../../../lib/domain/interval.ts';
import type { Series } from '../../../lib/domain/series.ts';
import { tableKey } from '../../../lib/lake/keys.ts';
import { gapsBefore } from '../../../lib/lake/refine/candle-times.ts';
import { candleRow, candleRows } from '../../support/candles.ts';
import type { SeriesAnswer } from '../../support/landing.ts';
import { btc, page, type RefinedLake, refinedLake } from '../../support/refined-lake.ts';

interface Row {
  readonly open_time: Date;
  readonly close_time: Date;
  readonly known_at: Date;
  readonly gap_before: number;
  readonly source: string;
}

async function rowsOf({ store, series }: RefinedLake, period: string, table: 'candles' | 'labels' = 'candles') {
  const bytes = (await store.get(tableKey(table, series, period)))!;
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  return (await parquetReadObjects({ file, compressors })) as unknown as Row[];
}

async function refined(series: Series, ...answers: readonly SeriesAnswer[]): Promise<RefinedLake> {
  const lake = refinedLake(series);
  await lake.land(...answers);
  await lake.refine();
  return lake;
}

test('gaps are the open times between a candle and the one before that no candle has', () => {
  const present = fc.array(fc.boolean(), { minLength: 1, maxLength: 60 });
  const begin = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2030, 0, 1) });
  fc.assert(
    fc.property(fc.constantFrom(...INTERVALS), begin, present, fc.boolean(), (interval, aboutMs, there, first) => {
      const grid = [floorOpenTime(interval, aboutMs)];
      while (grid.length <= there.length) grid.push(nextOpenTime(interval, grid.at(-1)!));
      const times = grid.slice(1).filter((_, i) => there[i]);
      const gaps = gapsBefore(interval, Float64Array.from(times), first ? Number.NaN : grid[0]!);
      let missing = 0;
      const expected: number[] = [];
      there.forEach((is) => {
        if (is) {
          expected.push(first && expected.length === 0 ? 0 : missing);
          missing = 0;
        } else missing++;
      });
      expect([...gaps]).toEqual(expected);
    }),
  );
});

test('a candle is known at the end of its interval, also if an outage cut its close_time short', async () => {
  const rows = candleRows('1h', '2024-02-01T00:00Z', 4);
  const fields = rows[1]!.split(',');
  const shortMs = Date.parse('2024-02-01T01:20:00Z');
  fields[6] = String(shortMs);
  rows[1] = fields.join(',');
  const lake = await refined(btc('1h'), { source: 'rest', rows });
  const table = await rowsOf(lake, '2024');
  expect(table[1]!.close_time).toEqual(new Date(shortMs));
  expect(table[0]!.close_time).toEqual(new Date('2024-02-01T00:59:59.999Z'));
  table.forEach(({ open_time, known_at }) => {
    expect(known_at.getTime() - open_time.getTime()).toBe(3_600_000);
  });
});

test('months are known when the next one begins', async () => {
  const lake = await refined(btc('1M'), { source: 'rest', rows: candleRows('1M', '2023-12-01T00:00Z', 4) });
  const known = (await rowsOf(lake, 'all')).map(({ known_at }) => known_at.toISOString().slice(0, 10));
  expect(known).toEqual(['2024-01-01', '2024-02-01', '2024-03-01', '2024-04-01']);
});

describe('holes', () => {
  const at = (time: string): string => candleRow('1h', Date.parse(time));
  const range = (from: string, to: string) => ({ fromMs: Date.parse(from), toMs: Date.parse(to) });
  const gaps = async (lake: RefinedLake, period: string) => (await rowsOf(lake, period)).map((row) => row.gap_before);

  test('inside a shard, at its end and at its beginning are told before the next candle there is', async () => {
    const lake = await refined(btc('1h'), {
      source: 'rest',
      rows: ['2022-12-31T18:00Z', '2022-12-31T20:00Z', '2023-01-01T02:00Z', '2023-01-01T03:00Z'].map(at),
      range: range('2022-12-31', '2023-01-02'),
    });
    expect(await gaps(lake, '2022')).toEqual([0, 1]);
    expect(await gaps(lake, '2023')).toEqual([5, 0]);
    expect((await lake.report()).shards.map(({ missing }) => missing)).toEqual([1, 5]);
  });

  test('as long as a whole shard are told in full', async () => {
    const lake = await refined(btc('1m'), page('1m', '2024-01-31T23:58Z', 2), page('1m', '2024-03-01T00:00Z', 2));
    expect((await lake.report()).shards.map(({ period }) => period)).toEqual(['2024-01', '2024-03']);
    expect(await gaps(lake, '2024-03')).toEqual([29 * 1440, 0]);
  });

  test('are recomputed when an earlier end of the shard before is filled', async () => {
    const lake = await refined(btc('1h'), page('1h', '2022-12-31T20:00Z', 1), page('1h', '2023-01-01T00:00Z', 2));
    expect(await gaps(lake, '2023')).toEqual([3, 0]);
    await lake.land(page('1h', '2022-12-31T21:00Z', 2));
    await lake.refine();
    expect(await gaps(lake, '2023')).toEqual([1, 0]);
  });
});

test('the source of each candle is the one it was taken from; simulated ones say so', async () => {
  const answers = [
    page('1h', '2024-02-01T00:00Z', 6),
    page('1h', '2024-02-01T00:00Z', 4, { source: 'archive_daily' }),
    page('1h', '2024-02-01T00:00Z', 2, { source: 'archive_monthly' }),
  ];
  const sources = async (series: Series) =>
    (await rowsOf(await refined(series, ...answers), '2024')).map((r) => r.source);
  const [m, d, r] = ['archive_monthly', 'archive_daily', 'rest'];
  expect(await sources(btc('1h'))).toEqual([m, m, d, d, r, r]);
  expect(await sources({ ...btc('1h'), market: 'sim' })).toEqual(Array(6).fill('simulated'));
});

test('no label is known before a candle of its horizon has closed, and all are of candles that are there', async () => {
  const interval: Interval = '4h';
  const lake = await refined(btc(interval), page(interval, '2022-11-20T00:00Z', 400));
  for (const period of ['2022', '2023']) {
    const opened = new Map(
      (await rowsOf(lake, period)).map((row) => [row.open_time.getTime(), row.known_at.getTime()]),
    );
    const labels = await rowsOf(lake, period, 'labels');
    expect(labels.length).toBeGreaterThan(0);
    for (const { open_time, known_at } of labels) {
      expect(opened.has(open_time.getTime())).toBe(true);
      expect(known_at.getTime()).toBeGreaterThan(opened.get(open_time.getTime())!);
    }
  }
});
