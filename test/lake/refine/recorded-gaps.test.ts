import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { type Interval, nextOpenTime } from '../../../lib/domain/interval.ts';
import type { Market } from '../../../lib/domain/market.ts';
import type { TimeRange } from '../../../lib/domain/time-range.ts';
import { readRecordedSeries } from '../../../lib/exchange/simulated/read-recorded-series.ts';
import type { SeriesAnswer } from '../../support/landing.ts';
import { describeWithRecordedData, recordedFile } from '../../support/recorded-data.ts';
import { type RefinedLake, refinedLake } from '../../support/refined-lake.ts';
import { candleTimesOf, ledgerOf, tableOf } from '../../support/tables.ts';
import { at } from '../../support/time.ts';

const openTime = (row: string) => Number(row.slice(0, row.indexOf(',')));

/** Rows as the monthly files that hold them; the first and the last month are asked for as far as there are rows. */
function monthlyFiles(rows: readonly string[]): SeriesAnswer[] {
  const months = new Map<string, string[]>();
  for (const row of rows) {
    const month = new Date(openTime(row)).toISOString().slice(0, 7);
    const own = months.get(month);
    if (own) own.push(row);
    else months.set(month, [row]);
  }
  return [...months].map(([month, own]) => {
    const from = new Date(`${month}-01T00:00Z`);
    const toMs = Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 1, 1);
    return { source: 'archive_monthly', range: { fromMs: from.getTime(), toMs }, rows: own };
  });
}

/** The holes between rows, by looking at each and the next. */
function holesOf(interval: Interval, rows: readonly string[]): TimeRange[] {
  return rows.slice(1).flatMap((row, index) => {
    const expected = nextOpenTime(interval, openTime(rows[index]!));
    return openTime(row) > expected ? [{ fromMs: expected, toMs: openTime(row) }] : [];
  });
}

async function lakeOf(market: Market, symbol: string, interval: Interval, answers: readonly SeriesAnswer[]) {
  const lake = refinedLake({ market, symbol, interval });
  await lake.land(...answers);
  await lake.refine();
  return lake;
}

async function rowsOf(path: string, market: 'um' | 'spot'): Promise<readonly string[]> {
  return (await readRecordedSeries(recordedFile(path), market)).rows;
}

/** Candles of which only times and prices were kept, as rows of the archive; what was not kept is zero. */
function sixColumnRows(path: string, interval: Interval): string[] {
  const lines = gunzipSync(readFileSync(recordedFile(path)))
    .toString()
    .trim()
    .split('\n')
    .slice(1);
  return lines.map((line) => {
    const [time, open, high, low, close, volume] = line.split(',');
    return [time, open, high, low, close, volume, nextOpenTime(interval, Number(time)) - 1, 0, 0, 0, 0, 0].join(',');
  });
}

async function expectNoGaps(lake: RefinedLake, candles: number): Promise<void> {
  expect(await ledgerOf(lake)).toEqual([]);
  const { shards } = await lake.report();
  expect(shards.map((shard) => [shard.grid, shard.candles])).toEqual([[candles, candles]]);
}

describeWithRecordedData('what is wrong with recorded data', () => {
  test('the outage of 2023-03-24: the hour is absent, the candle cut short before it is a candle', async () => {
    const all = await rowsOf('spot/klines-12col/BTCUSDT/1h/BTCUSDT-1h-2022-01_2026-04.csv.gz', 'spot');
    const rows = all.filter((row) => new Date(openTime(row)).toISOString().startsWith('2023-03'));
    const hole = { fromMs: at('2023-03-24T13:00Z'), toMs: at('2023-03-24T14:00Z') };
    const lake = await lakeOf('spot', 'BTCUSDT', '1h', [
      ...monthlyFiles(rows),
      { source: 'rest', rows: [], range: hole },
    ]);
    expect(await ledgerOf(lake)).toMatchObject([{ ...hole, class: 'exchange_absent', intervals: 1, candles: 0 }]);
    const cut = (await tableOf(lake, 'candles')).find((row) => Number(row['open_time']) === at('2023-03-24T12:00Z'));
    expect(cut).toMatchObject({ volume: 0, known_at: new Date('2023-03-24T13:00Z') });
    expect(Number(cut!['close_time'])).toBe(1_679_661_581_646);
  });

  test.each([
    ['2h', 18, 53],
    ['4h', 8, 16],
  ] as const)(
    'the outages of BTCUSDT since 2017 at %s: %i holes of %i intervals, every one absent',
    async (interval, holes, intervals) => {
      const rows = await rowsOf(
        `spot/klines-12col/BTCUSDT/${interval}/BTCUSDT-${interval}-2017-08_2026-04.csv.gz`,
        'spot',
      );
      const found = holesOf(interval, rows);
      const asked = found.map((range): SeriesAnswer => ({ source: 'rest', rows: [], range }));
      const lake = await lakeOf('spot', 'BTCUSDT', interval, [...monthlyFiles(rows), ...asked]);
      // Before the first candle and after the last the months are not whole.
      const [first, last] = [openTime(rows[0]!), openTime(rows.at(-1)!)];
      const inside = (await ledgerOf(lake)).filter(({ fromMs }) => fromMs >= first && fromMs <= last);
      expect(inside.map(({ fromMs, toMs }) => ({ fromMs, toMs }))).toEqual(found);
      expect(new Set(inside.map((row) => row.class))).toEqual(new Set(['exchange_absent']));
      expect(inside).toHaveLength(holes);
      expect(inside.reduce((sum, row) => sum + row.intervals, 0)).toBe(intervals);
    },
  );

  test('the hours that a collector lost: healed by what the exchange still has', async () => {
    const path = 'spot/klines-6col-collector-gaps/BTCUSDT-1h-2024-10_2025-02-two-500h-holes.csv.gz';
    const kept = new Set(sixColumnRows(path, '1h').map(openTime));
    const all = await rowsOf('spot/klines-12col/BTCUSDT/1h/BTCUSDT-1h-2022-01_2026-04.csv.gz', 'spot');
    const whole = all.filter((row) => openTime(row) >= Math.min(...kept) && openTime(row) <= Math.max(...kept));
    const collected = whole.filter((row) => kept.has(openTime(row)));
    const holes = holesOf('1h', collected);
    const healing = holes.map(({ fromMs, toMs }): SeriesAnswer => {
      const rows = whole.filter((row) => openTime(row) >= fromMs && openTime(row) < toMs);
      return { source: 'rest', range: { fromMs, toMs }, rows };
    });
    const unhealed = await lakeOf('spot', 'BTCUSDT', '1h', monthlyFiles(collected));
    const asked = (await unhealed.report()).shards.flatMap((shard) => shard.holes);
    expect(asked.slice(0, 2)).toEqual(holes.map(({ fromMs }) => expect.objectContaining({ fromMs })).slice(0, 2));
    await unhealed.land(...healing);
    await unhealed.refine();
    const healed = (await ledgerOf(unhealed)).filter((row) => row.class === 'archive_hole');
    // A row a hole and month, for each month is another file that lacks them.
    expect(healed.map(({ intervals, candles }) => [intervals, candles])).toEqual(
      [464, 36, 452, 48].map((hours) => [hours, hours]),
    );
    expect(await candleTimesOf(unhealed)).toEqual(whole.map(openTime));
  });

  test('minutes without a trade, 446 in a month, are candles', async () => {
    const rows = await rowsOf('futures-um/klines-12col/ALGOUSDT/1m/ALGOUSDT-1m-2024-09.csv.gz', 'um');
    expect(rows.filter((row) => Number(row.split(',')[5]) === 0)).toHaveLength(446);
    await expectNoGaps(await lakeOf('um', 'ALGOUSDT', '1m', monthlyFiles(rows)), 43_200);
  });

  test('the frozen hour of 2024-10-28 is sixty candles', async () => {
    const rows = await rowsOf('futures-um/klines-12col/FILUSDT/1m/FILUSDT-1m-2024-10.csv.gz', 'um');
    const frozen = rows.filter(
      (row) => openTime(row) >= at('2024-10-28T20:00Z') && openTime(row) < at('2024-10-28T21:00Z'),
    );
    expect(frozen.filter((row) => Number(row.split(',')[5]) === 0)).toHaveLength(60);
    await expectNoGaps(await lakeOf('um', 'FILUSDT', '1m', monthlyFiles(rows)), 44_640);
  });

  test('an hour that was fetched before it closed is no candle, and no gap', async () => {
    const rows = sixColumnRows('futures-um/klines-6col/FILUSDT/1h/FILUSDT-1h-listing_2026-06.csv.gz', '1h').slice(-48);
    expect(openTime(rows.at(-1)!)).toBe(at('2026-06-07T09:00Z'));
    const lake = await lakeOf('um', 'FILUSDT', '1h', [{ source: 'rest', rows, asOfMs: at('2026-06-07T09:47Z') }]);
    await expectNoGaps(lake, 47);
  });
});
