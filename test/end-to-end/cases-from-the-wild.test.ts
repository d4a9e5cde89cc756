import { type Interval, nextOpenTime } from '../../lib/domain/interval.ts';
import type { Series } from '../../lib/domain/series.ts';
import { DAY_MS } from '../../lib/domain/time-range.ts';
import { openTimeOf } from '../../lib/exchange/simulated/candle-source.ts';
import { withoutRows } from '../../lib/exchange/simulated/instruments.ts';
import { recordedCandles } from '../../lib/exchange/simulated/recorded-candles.ts';
import { seededCandles } from '../../lib/exchange/simulated/seeded-candles.ts';
import { unzipOne } from '../../lib/exchange/simulated/unzip-one.ts';
import { candleRows } from '../support/candles.ts';
import { at } from '../support/time.ts';
import { shardsOf, type WildLake, wildLake } from './wild-lake.ts';

// Each case is one that a user of the exchange's public data reported; the number is that of the report in
// github.com/binance/binance-public-data. What becomes of an instrument that ends is in lives-from-the-wild.test.ts.

const series = (interval: Interval, symbol = 'BTCUSDT'): Series => ({ market: 'um', symbol, interval });
const QUARTER_MS = 900_000;

let lake: WildLake;
beforeEach(() => {
  lake = wildLake();
});
afterEach(() => lake.close());

const timesOf = (rows: readonly Record<string, unknown>[]) => rows.map((row) => Number(row['open_time']));

/** Candles without a trade, at one price. */
function flatRows(interval: Interval, from: string, count: number, price: string): string[] {
  const rows: string[] = [];
  for (let openMs = at(from); rows.length < count; openMs = nextOpenTime(interval, openMs)) {
    const closeMs = nextOpenTime(interval, openMs) - 1;
    rows.push([openMs, price, price, price, price, 0, closeMs, 0, 0, 0, 0, 0].join(','));
  }
  return rows;
}

test('#246: files before June 2022 have no header and later ones have; no row is lost to it', async () => {
  const request = { symbols: ['BTCUSDT'], interval: '1h', from: '2022-04-01', to: '2022-08-01' };
  const NOW = at('2022-08-03T10:00:05Z');
  await lake.meet({ nowMs: NOW });
  expect(await lake.run(request)).toMatchObject({ complete: true, failures: [], fetchedChunks: 4 });
  const firstBytes = await Promise.all(
    ['04', '05', '06', '07'].map(async (month) => {
      const [zip] = [...lake.store.objects].find(([key]) => key.includes(`/2022-${month}/`) && key.endsWith('.zip'))!;
      return (await unzipOne(Buffer.from(lake.store.objects.get(zip)!))).toString('latin1', 0, 4);
    }),
  );
  expect(firstBytes).toEqual(['1648', '1651', 'open', 'open']);
  const hours = (30 + 31 + 30 + 31) * 24;
  expect(timesOf(await lake.rows(series('1h')))).toEqual(
    Array.from({ length: hours }, (_, hour) => at('2022-04-01') + hour * 3_600_000),
  );
  expect(await lake.ledger(series('1h'))).toEqual([]);
  const other = wildLake();
  await other.meet({ nowMs: NOW, header: 'always' });
  await other.run(request);
  expect(await other.candles()).toEqual(await lake.candles());
  await other.close();
});

test('#304, #346: a monthly file that lacks four of its days is healed day by day', async () => {
  const missing = ['2022-05-16', '2022-05-19', '2022-05-21', '2022-05-26'];
  const exchange = await lake.meet({ nowMs: at('2022-06-03T10:00:05Z') });
  for (const day of missing) exchange.faults.add({ kind: 'missing_day', day, match: 'BTCUSDT-15m-2022-05.zip' });
  const request = { symbols: ['BTCUSDT'], interval: '15m', from: '2022-05-01', to: '2022-06-01' };
  const report = await lake.run(request);
  expect(report).toMatchObject({ complete: true, failures: [], fetchedChunks: 1 + 3 });
  expect(report.notices).toEqual(['asked REST for 384 candles that archive files lack']);
  expect(shardsOf(report, 'BTCUSDT')).toMatchObject([{ candles: 31 * 96, missing: 0 }]);
  // A page of REST may end inside a day, so a day may be two rows of two answers.
  const ledger = await lake.ledger(series('15m'));
  for (const day of missing) {
    const own = ledger.filter(({ fromMs }) => fromMs >= at(day) && fromMs < at(day) + DAY_MS);
    expect([own[0]!.fromMs, own.at(-1)!.toMs]).toEqual([at(day), at(day) + DAY_MS]);
    expect(own.reduce((sum, row) => sum + row.candles, 0)).toBe(96);
  }
  expect(ledger.reduce((sum, row) => sum + row.intervals, 0)).toBe(4 * 96);
  for (const row of ledger) {
    expect(row).toMatchObject({ class: 'archive_hole', intervals: row.candles });
    expect(row.evidence).toMatchObject({ archive: [expect.any(String)], rest: [expect.any(String)], asked: 2 });
  }
  const healed = (await lake.rows(series('15m'))).filter((row) => row['source'] === 'rest');
  expect(timesOf(healed)).toEqual(
    missing.flatMap((day) => Array.from({ length: 96 }, (_, quarter) => at(day) + quarter * QUARTER_MS)),
  );
  expect(await lake.run(request)).toMatchObject({ complete: true, fetchedChunks: 0, recomputedShards: 0 });
  expect(await lake.audit()).toMatchObject({ clean: true, counts: { wrong: 0, differs: 0 } });
});

test('#475: a monthly file differs from its days and from REST: the month decides, the audit names both', async () => {
  const spot = (interval: Interval): Series => ({ market: 'spot', symbol: 'BTCUSDT', interval });
  const exchange = await lake.meet({ nowMs: at('2021-01-04T10:00:05Z') });
  const hour = at('2020-12-21T13:00Z');
  exchange.history.rewrite('spot/monthly/klines/BTCUSDT/1h/BTCUSDT-1h-2020-12.zip', at('2021-01-02'), (rows) =>
    rows.map((row) => (openTimeOf(row) === hour ? row.replace(/^((?:[^,]*,){5})[^,]*/, '$11.5') : row)),
  );
  const request = { market: 'spot', symbols: ['BTCUSDT'], interval: '1h', from: '2020-12-21', to: '2020-12-22' };
  await lake.run(request);
  await lake.run({ ...request, interval: '4h' });
  const volumeOf = async () =>
    (await lake.rows(spot('1h'))).find((row) => Number(row['open_time']) === hour)!['volume'];
  expect(await volumeOf()).toBe(1.5);
  expect(await lake.ledger(spot('1h'))).toEqual([]);

  const report = await lake.audit();
  expect(report.clean).toBe(false);
  const found = report.findings.filter(({ severity }) => severity !== 'note');
  expect(found.map(({ check, severity, series: name, place }) => [check, severity, name, place])).toEqual(
    expect.arrayContaining([
      ['aggregation', 'differs', 'spot/BTCUSDT/4h', '2020-12-21T12:00:00Z'],
      ['reconcile', 'differs', 'spot/BTCUSDT/1h', '2020-12-21T13:00:00Z'],
    ]),
  );
  expect(found.every(({ severity, place }) => severity === 'differs' && place.startsWith('2020-12-21T1'))).toBe(true);

  // What the audit asked for has landed: the next run writes the conflict down.
  expect(await lake.run(request)).toMatchObject({ complete: true });
  expect(await volumeOf()).toBe(1.5);
  const told = (await lake.ledger(spot('1h'))).find((row) => row.class === 'source_conflict');
  expect(told).toMatchObject({
    ...{ fromMs: hour, toMs: hour + 3_600_000, intervals: 1, candles: 1 },
    evidence: {
      rule: 'better_source',
      kept: { source: 'archive_monthly' },
      // The answer of REST has landed too. The daily file contains it and agrees, so it is no evidence of its own.
      others: [{ source: 'archive_daily', sha256: expect.any(String) }],
    },
  });
  const [value] = told!.evidence['values'] as { column: string; kept: number; other: number }[];
  expect(value).toMatchObject({ column: 'volume', kept: 1.5 });
  expect(value!.other).not.toBe(1.5);
});

test.each([
  ['2020-01-19', [29]],
  ['2020-12-17', [20, 4]],
  ['2022-07-12', [9, 1]],
  ['2024-08-12', [1, 1]],
])('#483: minutes of %s that files and REST both lack, in runs of %j, are absent and stay so', async (day, runs) => {
  const holes = runs.map((minutes, index) => {
    const fromMs = at(`${day}T02:07Z`) + index * 12 * 3_600_000;
    return { fromMs, toMs: fromMs + minutes * 60_000 };
  });
  const candles = holes.reduce((source, hole) => withoutRows(source, 'BTCUSDT', hole), seededCandles());
  await lake.meet({ nowMs: at(day) + DAY_MS + 10 * 3_600_000, candles });
  const request = { symbols: ['BTCUSDT'], interval: '1m', from: day, to: new Date(at(day) + DAY_MS).toISOString() };
  const report = await lake.run(request);
  const minutes = runs.reduce((sum, run) => sum + run, 0);
  expect(report).toMatchObject({ complete: true, failures: [] });
  expect(shardsOf(report, 'BTCUSDT')).toMatchObject([
    { candles: 1440 - minutes, missing: minutes, accounted: { exchange_absent: { intervals: minutes, candles: 0 } } },
  ]);
  // Both sides are named: the file, by the hash of its checksum, and REST, by the hash of its empty answer.
  const EMPTY = '4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945';
  const absent = (await lake.ledger(series('1m'))).filter((row) => row.class === 'exchange_absent');
  expect(absent).toMatchObject(
    holes.map((hole) => ({ ...hole, evidence: { archive: [expect.any(String)], rest: [EMPTY], asked: 2 } })),
  );
  expect(await lake.run(request)).toMatchObject({ complete: true, fetchedChunks: 0 });
  expect(lake.asked('/klines?')).toEqual([]);
});

test('#103: the flat half hour of the outage of 2021-03-02: candles without a trade, and no gap', async () => {
  const [before, after] = [
    candleRows('15m', '2021-03-01T00:00Z', 96 + 5),
    candleRows('15m', '2021-03-02T01:45Z', 96 - 7),
  ];
  const price = before.at(-1)!.split(',')[4]!;
  const rows = [...before, ...flatRows('15m', '2021-03-02T01:15Z', 2, price), ...after];
  const candles = recordedCandles([{ market: 'um', symbol: 'BTCUSDT', interval: '15m', rows }]);
  await lake.meet({ nowMs: at('2021-03-03T10:00:05Z'), candles });
  await lake.run({ symbols: ['BTCUSDT'], interval: '15m', from: '2021-03-01', to: '2021-03-03' });
  const stored = await lake.rows(series('15m'));
  expect(timesOf(stored)).toEqual(rows.map(openTimeOf));
  const flat = stored.filter((row) => row['trades'] === 0);
  expect(timesOf(flat)).toEqual([at('2021-03-02T01:15Z'), at('2021-03-02T01:30Z')]);
  for (const row of flat) {
    expect(row).toMatchObject({ open: Number(price), high: Number(price), low: Number(price), close: Number(price) });
    expect(row).toMatchObject({ volume: 0, quote_volume: 0, taker_buy_volume: 0, gap_before: 0 });
  }
  expect(await lake.ledger(series('15m'))).toEqual([]);
  expect(await lake.audit()).toMatchObject({ clean: true });
});

describe('#469: files that cannot be unzipped, and checksums that are missing', () => {
  const FEBRUARY = 'BTCUSDT-1h-2024-02.zip';
  const request = { symbols: ['BTCUSDT', 'ETHUSDT'], interval: '1h', from: '2024-01-01', to: '2024-04-01' };

  test.each([
    ['half a file', { kind: 'truncated_zip', match: FEBRUARY }, 'CorruptObject'],
    ['a file without its checksum', { kind: 'missing_checksum', match: FEBRUARY }, 'NotPublished'],
  ] as const)(
    '%s does not land, REST has the hours; put right, the next run has them from the file',
    async (_, fault, error) => {
      const exchange = await lake.meet({ nowMs: at('2024-04-03T10:00:05Z') });
      exchange.faults.add(fault);
      const report = await lake.run(request);
      expect(report).toMatchObject({ complete: false, failures: [{ error }], healed: [{ error }] });
      const healed = await lake.ledger(series('1h'));
      expect([healed[0]!.fromMs, healed.at(-1)!.toMs]).toEqual([at('2024-02-01'), at('2024-03-01')]);
      expect(healed.reduce((sum, row) => sum + row.candles, 0)).toBe(29 * 24);
      for (const row of healed) {
        expect(row).toMatchObject({ class: 'archive_hole', evidence: { failures: [{ error }] } });
      }
      expect(await lake.ledger(series('1h', 'ETHUSDT'))).toEqual([]);
      exchange.faults.clear();
      expect(await lake.run(request)).toMatchObject({ complete: true, failures: [], fetchedChunks: 1 });
      expect(await lake.ledger(series('1h'))).toEqual([]);
      expect(timesOf(await lake.rows(series('1h')))).toHaveLength(91 * 24);
    },
  );

  test('half a file under a checksum that agrees lands unused: REST has its hours until the next one', async () => {
    let nowMs = at('2024-04-03T10:00:05Z');
    const exchange = await lake.meet({ nowMs: () => nowMs });
    exchange.faults.add({ kind: 'truncated_zip', checksumAgrees: true, match: FEBRUARY });
    const named = { name: 'um/BTCUSDT/1h archive_monthly 2024-02', error: 'CorruptObject' };
    const report = await lake.run(request);
    expect(report).toMatchObject({ complete: true, failures: [], healed: [named] });
    expect(report.healed[0]!.message).toContain(`${FEBRUARY} is not a whole zip`);
    expect(timesOf(await lake.rows(series('1h')))).toHaveLength(91 * 24);
    const healed = await lake.ledger(series('1h'));
    expect(healed.reduce((sum, row) => sum + row.candles, 0)).toBe(29 * 24);
    for (const row of healed) {
      const failures = [{ error: 'CorruptObject', message: report.healed[0]!.message, sha256: expect.any(String) }];
      expect(row).toMatchObject({ class: 'archive_hole', evidence: { failures } });
    }
    // Every run names it, and nobody is asked again.
    expect(await lake.run(request)).toMatchObject({
      ...{ complete: true, healed: [named], fetchedChunks: 0, recomputedShards: 0, notices: [] },
    });
    const { clean, findings } = await lake.audit();
    expect(clean).toBe(true);
    expect(findings.filter(({ check }) => check === 'landing')).toEqual([
      expect.objectContaining({ severity: 'note', place: '2024', found: report.healed[0]!.message }),
    ]);

    exchange.faults.clear();
    exchange.history.rewrite(FEBRUARY, nowMs + 60_000);
    nowMs += 3_600_000;
    expect(await lake.run(request)).toMatchObject({ complete: true, failures: [], healed: [], fetchedChunks: 1 });
    expect(timesOf(await lake.rows(series('1h')))).toHaveLength(91 * 24);
    expect(await lake.ledger(series('1h'))).toEqual([]);
  });
});

test('BTCUSDT is listed from 2019-09-08 17:55, its files begin on 2019-12-31: REST has what is between', async () => {
  await lake.meet({ nowMs: at('2020-02-03T10:00:05Z') });
  const report = await lake.run({ symbols: ['BTCUSDT'], interval: '1h', from: '2019-09-01', to: '2020-02-01' });
  expect(report).toMatchObject({ complete: true, failures: [] });
  const rows = await lake.rows(series('1h'));
  const of = (source: string) => {
    const own = timesOf(rows.filter((row) => row['source'] === source));
    return [new Date(own[0]!).toISOString(), new Date(own.at(-1)!).toISOString()];
  };
  expect(of('rest')).toEqual(['2019-09-08T17:00:00.000Z', '2019-12-30T23:00:00.000Z']);
  expect(of('archive_daily')).toEqual(['2019-12-31T00:00:00.000Z', '2019-12-31T23:00:00.000Z']);
  expect(of('archive_monthly')).toEqual(['2020-01-01T00:00:00.000Z', '2020-01-31T23:00:00.000Z']);
  expect(rows).toHaveLength((at('2020-02-01') - at('2019-09-08T17:00Z')) / 3_600_000);
  expect(await lake.ledger(series('1h'))).toEqual([]);
  expect(lake.asked('2019-12.zip')).toEqual([]);
});
