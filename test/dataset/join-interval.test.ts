import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { lastKnownBy } from '../../lib/dataset/join-interval.ts';
import { pickCandles } from '../../lib/domain/candles.ts';
import type { Interval } from '../../lib/domain/interval.ts';
import { nominalMs } from '../../lib/domain/interval.ts';
import { sampleCandles } from '../support/candles.ts';
import { temporaryFolder } from '../support/folder.ts';
import { publishCandles } from '../support/published-lake.ts';
import { type MadePack, makePackOf, msOf } from './make-pack.ts';

const JOINED = ['4h', '1d'] as const;
/** Both kinds of shards, by the year and all in one, and a year's end within them. */
const RANGE = { from: '2023-12-10', to: '2024-01-20' };
const COLUMNS = ['rsi_14', 'return_1', 'rsi_14__4h', 'return_1__4h', 'return_1__1d', 'hour_sin__1d'];

/** Candles of an interval on its own grid, with the ones of a few days missing. */
function candlesOf(interval: Interval, seed: number) {
  const begin = Date.parse('2023-11-27');
  const count = Math.floor((60 * 86_400_000) / nominalMs(interval));
  const candles = sampleCandles(interval, count, 'ordinary', seed);
  const first = candles.openTimeMs[0]!;
  for (const column of [candles.openTimeMs, candles.closeTimeMs]) {
    column.set(column.map((time) => time - first + begin));
  }
  const isMissing = (time: number) => time >= Date.parse('2023-12-30') && time < Date.parse('2024-01-02');
  const rows = Uint32Array.from(candles.openTimeMs.keys());
  return pickCandles(
    candles,
    rows.filter((row) => !isMissing(candles.openTimeMs[row]!)),
  );
}

let lake: string;
let pack: MadePack;
beforeAll(async () => {
  lake = temporaryFolder();
  for (const symbol of ['ADAUSDT', 'BTCUSDT']) {
    for (const [i, interval] of (['1h', ...JOINED] as const).entries()) {
      await publishCandles(lake, { market: 'um', symbol, interval }, candlesOf(interval, i + symbol.length));
    }
  }
  const request = { symbols: ['ADAUSDT', 'BTCUSDT'], interval: '1h,1d,4h', ...RANGE };
  pack = await makePackOf(lake, { ...request, columns: COLUMNS, folds: 2, label: 'fwd_return_5' });
});

test('no joined value was known after its row: known_at of the joined candle is at most the t0 of the row', () => {
  expect(pack.rows.length).toBeGreaterThan(1500);
  for (const row of pack.rows) {
    for (const interval of JOINED) {
      const knownAtMs = msOf(row[`known_at__${interval}`]);
      expect(knownAtMs).toBeLessThanOrEqual(msOf(row['t0']));
    }
  }
});

test('joined values are those of an ASOF JOIN by DuckDB over the tables of the lake, bit for bit', async () => {
  const duckdb = await (await DuckDBInstance.create()).connect();
  const table = (interval: string) =>
    `(SELECT * FROM read_parquet('${lake}/features/*/*/interval=${interval}/*/*.parquet', hive_partitioning = true))`;
  const reader = await duckdb.runAndReadAll(`
    SELECT b.symbol, epoch_ms(b.open_time) AS open_time, b.rsi_14, b.return_1,
      epoch_ms(h.known_at) AS known_at__4h, h.rsi_14 AS rsi_14__4h, h.return_1 AS return_1__4h,
      epoch_ms(d.known_at) AS known_at__1d, d.return_1 AS return_1__1d, d.hour_sin AS hour_sin__1d
    FROM ${table('1h')} b
    ASOF LEFT JOIN ${table('4h')} h ON b.symbol = h.symbol AND h.known_at <= b.known_at
    ASOF LEFT JOIN ${table('1d')} d ON b.symbol = d.symbol AND d.known_at <= b.known_at
    WHERE b.open_time >= TIMESTAMP '${RANGE.from}' AND b.open_time < TIMESTAMP '${RANGE.to}'
    ORDER BY b.symbol, b.open_time`);
  const expected = reader.getRowObjectsJS().map((row) => {
    return Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value]),
    );
  });
  duckdb.closeSync();
  const names = Object.keys(expected[0]!);
  const found = pack.rows.map((row) =>
    Object.fromEntries(names.map((name) => [name, row[name] instanceof Date ? msOf(row[name]) : row[name]])),
  );
  expect(found).toEqual(expected);
  // The join is not one of open times: most rows have a candle that closed earlier than they did.
  expect(found.filter((row) => row['known_at__1d'] !== msOf(pack.rows[0]!['t0'])).length).toBeGreaterThan(1000);
});

test('the features of the set come once per interval, each under its own name', async () => {
  const { manifest } = await makePackOf(lake, { symbols: ['BTCUSDT'], interval: '1h,4h', ...RANGE, folds: 2 });
  const own = manifest.features.filter((name) => !name.includes('__'));
  expect(manifest.features).toEqual([...own, ...own.map((name) => `${name}__4h`)]);
  expect(manifest.request).toMatchObject({ interval: '1h', joined: ['4h'] });
  expect(manifest.columns['known_at__4h']).toBe('close of the 4h candle whose features are joined to this 1h row');
});

test.each([
  ['4h,1h', "interval must name the shortest first, then longer ones to join, got '4h,1h'"],
  ['1h,1h', "interval must name the shortest first, then longer ones to join, got '1h,1h'"],
  ['1h,7h', "interval must be one of 1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d 3d 1w 1M, got '7h'"],
  ['1h,8h', 'holds no um/BTCUSDT/8h'],
])('interval %s is refused', async (interval, message) => {
  await expect(makePackOf(lake, { symbols: ['BTCUSDT'], interval, ...RANGE })).rejects.toMatchObject({
    name: 'BadInput',
    message: expect.stringContaining(message),
  });
});

test('lastKnownBy is the last row known by an instant, as by looking at all of them', () => {
  const times = fc.array(fc.nat(50), { maxLength: 30 }).map((list) => Float64Array.from(list).sort());
  fc.assert(
    fc.property(times, times, (known, instants) => {
      const expected = [...instants].map((instant) => [...known].filter((time) => time <= instant).length - 1);
      expect([...lastKnownBy(known, instants)]).toEqual(expected);
    }),
  );
});
