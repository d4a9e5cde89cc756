import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { allocateCandles, CANDLE_COLUMNS, type Candles } from '../../../lib/domain/candles.ts';
import { type Interval, nextOpenTime } from '../../../lib/domain/interval.ts';
import type { Series } from '../../../lib/domain/series.ts';
import { isoTime } from '../../../lib/domain/time-range.ts';
import { startExchange } from '../../../lib/exchange/simulated/exchange.ts';
import { type RecordedSeries, recordedCandles } from '../../../lib/exchange/simulated/recorded-candles.ts';
import { aggregation } from '../../../lib/lake/audit/aggregate.ts';
import { readColumns } from '../../../lib/parquet/read-columns.ts';
import { auditedLake } from '../../support/audited-lake.ts';
import { describeWithRecordedData, recordedFile } from '../../support/recorded-data.ts';

/** Rows of a recorded file, as fields, whatever columns it has. */
function fieldsOf(path: string): string[][] {
  const bytes = readFileSync(recordedFile(path));
  const lines = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString().trim().split(/\r?\n/);
  return lines.filter((line) => /^\d/.test(line)).map((line) => line.split(','));
}

/** Recorded rows in the archive's 12 columns; what a recording of six has not is zero, in both intervals alike. */
function archiveRows(fields: readonly string[][], interval: Interval): string[] {
  return fields.map((own) => {
    const [time, open, high, low, close, volume] = own;
    const closeTime = nextOpenTime(interval, Number(time)) - 1;
    return [Number(time), open, high, low, close, volume, closeTime, 0, 0, 0, 0, 0].join(',');
  });
}

function candlesOf(rows: readonly string[]): Candles {
  const candles = allocateCandles(rows.length);
  rows.forEach((row, index) => {
    const values = row.split(',').map(Number);
    CANDLE_COLUMNS.forEach((column, field) => {
      candles[column][index] = values[field]!;
    });
  });
  return candles;
}

function differences(
  finer: readonly string[],
  finerInterval: Interval,
  coarser: readonly string[],
  interval: Interval,
) {
  const sums = aggregation(candlesOf(coarser), interval, finerInterval);
  sums.add(candlesOf(finer));
  return sums.result();
}

describeWithRecordedData('recorded candles of one interval against those of another', () => {
  const UM = 'futures-um/klines-6col';

  test('BTCUSDT 15m against 1h over three years: the ten hours that differ, and no other', () => {
    const quarters = archiveRows(fieldsOf(`${UM}/BTCUSDT/15m/BTCUSDT-15m-2023-01_2025-12.csv.gz`), '15m');
    const hours = archiveRows(fieldsOf(`${UM}/BTCUSDT/1h/BTCUSDT-1h-2023-01_2025-12.csv.gz`), '1h');
    const { differences: found, compared } = differences(quarters, '15m', hours, '1h');
    expect(found.map(({ openTimeMs }) => isoTime(openTimeMs).slice(0, 13))).toEqual([
      ...['2024-03-27T12', '2024-03-28T10', '2024-03-28T11', '2024-03-28T12'],
      ...['2024-10-28T20', '2024-10-28T21'],
      ...['2025-01-14T13', '2025-01-14T15', '2025-01-29T01', '2025-01-29T02'],
    ]);
    expect(compared).toBeGreaterThan(25_600);
    // Frozen in the short interval, alive in the long one.
    expect(found.find(({ openTimeMs }) => isoTime(openTimeMs) === '2024-10-28T20:00:00Z')).toMatchObject({
      summed: expect.stringContaining('volume 0'),
      published: expect.stringContaining('volume 5536.7'),
    });
  });

  test.each([
    ['2023-11', ['2023-11-14T11'], 'volume 4773536.09', 'volume 4976591.3'],
    ['2024-10', ['2024-10-28T20', '2024-10-28T21'], 'volume 0', 'volume'],
  ])('FILUSDT 1m of %s against 1h', (month, hoursThatDiffer, summed, published) => {
    const minutes = archiveRows(fieldsOf(`futures-um/klines-12col/FILUSDT/1m/FILUSDT-1m-${month}.csv.gz`), '1m');
    const hours = archiveRows(fieldsOf(`${UM}/FILUSDT/1h/FILUSDT-1h-listing_2026-06.csv.gz`), '1h');
    const { differences: found, compared, incomplete } = differences(minutes, '1m', hours, '1h');
    expect(found.map(({ openTimeMs }) => isoTime(openTimeMs).slice(0, 13))).toEqual(hoursThatDiffer);
    expect({ compared, incomplete }).toEqual({ compared: minutes.length / 60, incomplete: 0 });
    expect(found[0]!.summed).toContain(summed);
    expect(found[0]!.published).toContain(published);
  });

  const SPOT = 'spot/klines-12col/BTCUSDT';
  test.each<[Interval, Interval, number, number]>([
    ['15m', '1h', 11_668, 0],
    ['1h', '2h', 18_961, 0],
    // An hour of 2023-03-24 is missing: the four hours around it may have been made of it.
    ['1h', '4h', 9_480, 1],
    ['4h', '1d', 1_580, 0],
  ])(
    'spot BTCUSDT %s against %s: every column adds up, even if an outage cut a candle',
    (finer, coarser, hours, uncertain) => {
      const rows = (interval: Interval) => {
        const names = { '15m': '2024-12', '1h': '2022-01' } as Partial<Record<Interval, string>>;
        const from = names[interval] ?? '2017-08';
        return fieldsOf(`${SPOT}/${interval}/BTCUSDT-${interval}-${from}_2026-04.csv.gz`).map((own) => own.join(','));
      };
      const published = rows(coarser).filter((row) => Number(row.split(',')[0]) >= Date.UTC(2022, 0, 1));
      const { differences: found, compared, incomplete } = differences(rows(finer), finer, published, coarser);
      expect(found).toEqual([]);
      expect(incomplete).toBe(uncertain);
      expect(Math.abs(compared - hours)).toBeLessThan(3);
    },
  );
});

describeWithRecordedData('a lake of recorded candles', () => {
  const part = (symbol: string, interval: Interval, rows: readonly string[]): RecordedSeries => ({
    market: 'um',
    symbol,
    interval,
    rows,
  });
  const between = (fields: readonly string[][], from: string, to: string) =>
    fields.filter(([time]) => Number(time) >= Date.parse(from) && Number(time) < Date.parse(to));
  const NOW = Date.parse('2026-01-01');

  test('the frozen hour of 2024-10-28: found when 15m and 1h lie in one lake', async () => {
    const day = (interval: Interval) => {
      const path = `futures-um/klines-6col/BTCUSDT/${interval}/BTCUSDT-${interval}-2023-01_2025-12.csv.gz`;
      return part('BTCUSDT', interval, archiveRows(between(fieldsOf(path), '2024-10-27', '2024-10-30'), interval));
    };
    const exchange = await startExchange({ candles: recordedCandles([day('15m'), day('1h')]), nowMs: NOW });
    try {
      const lake = auditedLake(exchange);
      for (const interval of ['15m', '1h'] as const) {
        const days = ['27', '28', '29'].map((own) => ['archive_daily', `2024-10-${own}`] as const);
        await lake.run({ market: 'um', symbol: 'BTCUSDT', interval }, days);
      }
      const report = await lake.audit({ offline: true });
      expect(report.findings.map(({ check, severity, series, place }) => [check, severity, series, place])).toEqual([
        ['aggregation', 'differs', 'um/BTCUSDT/1h', '2024-10-28T20:00:00Z'],
        ['aggregation', 'differs', 'um/BTCUSDT/1h', '2024-10-28T21:00:00Z'],
      ]);
      expect(report.findings[0]).toMatchObject({
        expected: expect.stringContaining('volume 0'),
        found: expect.stringContaining('volume 5536.7'),
      });
    } finally {
      await exchange.close();
    }
  });

  test('restated 15m candles of 2023 and 2024: both values found, and after a run the lake has the newer', async () => {
    const series: Series = { market: 'um', symbol: 'BTCUSDT', interval: '15m' };
    const told = (fetched: string) =>
      ['2023-11-10', '2024-03-27'].flatMap((day) =>
        archiveRows(fieldsOf(`futures-um/klines-6col/restated/BTCUSDT-15m-${day}.fetched-${fetched}.csv`), '15m'),
      );
    const [before, after] = [told('2024-05'), told('2025-12')];
    const then = await startExchange({ candles: recordedCandles([part('BTCUSDT', '15m', before)]), nowMs: NOW });
    const now = await startExchange({ candles: recordedCandles([part('BTCUSDT', '15m', after)]), nowMs: NOW + 1_000 });
    try {
      const days = ['2023-11-10', '2024-03-27', '2024-03-28'];
      const lake = auditedLake(then);
      await lake.run(
        series,
        days.map((day) => ['archive_daily', day] as const),
      );
      const later = auditedLake(now, lake.store);
      const report = await later.audit({ sample: 'all' });
      const rest = report.findings.filter(({ what }) => what.includes('archive_daily against rest'));
      expect(rest.map(({ place }) => place.slice(0, 16))).toEqual([
        ...['2023-11-10T15:00', '2023-11-10T16:30', '2024-03-27T12:15', '2024-03-27T12:30'],
        ...['2024-03-28T10:30', '2024-03-28T11:00', '2024-03-28T11:45', '2024-03-28T12:30'],
      ]);
      expect(rest[0]).toMatchObject({
        expected: 'high 37120, close 37118.4, volume 1351.57',
        found: 'high 37189.8, close 37184, volume 3373.386',
      });
      expect(report.findings.filter(({ check }) => check === 'revisions')).toHaveLength(3);
      await later.run(series);
      const candles = [...lake.store.objects].filter(([key]) => key.startsWith('candles/'));
      const columns = await Promise.all(
        candles.map(([, bytes]) => readColumns(bytes, ['open_time', 'high', 'volume'])),
      );
      const row = Object.fromEntries(
        columns.flatMap(({ open_time, high, volume }) =>
          [...open_time].map((time, index) => [isoTime(time), [high[index], volume[index]]]),
        ),
      );
      expect(row['2023-11-10T15:00:00Z']).toEqual([37189.8, 3373.386]);
      expect(await later.audit({ sample: 'all' })).toMatchObject({ clean: true });
    } finally {
      await Promise.all([then.close(), now.close()]);
    }
  });
});
