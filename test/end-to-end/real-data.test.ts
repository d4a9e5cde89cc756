import { join } from 'node:path';
import { nextOpenTime } from '../../lib/domain/interval.ts';
import { type Exchange, startExchange } from '../../lib/exchange/simulated/exchange.ts';
import { readRecordedSeries } from '../../lib/exchange/simulated/read-recorded-series.ts';
import { type RecordedSeries, recordedCandles } from '../../lib/exchange/simulated/recorded-candles.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runLake } from '../support/lake-process.ts';
import { parquetPaths, readParquet } from '../support/parquet.ts';
import { describeWithRecordedData, recordedFile } from '../support/recorded-data.ts';

/** Every candle column of the lake against the recorded row it came from, as text turned into a number. */
async function expectLakeToHold(lake: string, parts: readonly RecordedSeries[], source: string): Promise<number> {
  const { market, symbol, interval } = parts[0]!;
  const recorded = parts.flatMap((part) => part.rows).map((row) => row.split(','));
  const prefix = `candles/market=${market}/symbol=${symbol}/interval=${interval}/`;
  const stored: Record<string, unknown>[] = [];
  for (const path of parquetPaths(lake).filter((p) => p.startsWith(prefix))) {
    stored.push(...(await readParquet(join(lake, path))));
  }
  expect(stored).toHaveLength(recorded.length);
  let previousClose = Number.NaN;
  let unequal = 0;
  stored.forEach((row, index) => {
    const want = recorded[index]!;
    const openTimeMs = Number(want[0]);
    const gap = Number.isNaN(previousClose) ? 0 : (openTimeMs - previousClose) / (nextOpenTime(interval, 0) - 0);
    const expected = {
      open_time: openTimeMs,
      open: Number(want[1]),
      high: Number(want[2]),
      low: Number(want[3]),
      close: Number(want[4]),
      volume: Number(want[5]),
      quote_volume: Number(want[7]),
      trades: Number(want[8]),
      taker_buy_volume: Number(want[9]),
      taker_buy_quote_volume: Number(want[10]),
      close_time: Number(want[6]),
      known_at: nextOpenTime(interval, openTimeMs),
      source,
      gap_before: gap,
    };
    const found = Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name, value instanceof Date ? value.getTime() : value]),
    );
    // toEqual on half a million rows takes minutes; only what differs is shown by it.
    if (JSON.stringify(found) !== JSON.stringify(expected)) {
      unequal++;
      expect(found).toEqual(expected);
    }
    previousClose = nextOpenTime(interval, openTimeMs);
  });
  expect(unequal).toBe(0);
  return stored.length;
}

describeWithRecordedData('real months served in archive layout', () => {
  let exchange: Exchange;
  afterEach(() => exchange.close());

  test('FILUSDT 1m 2023-04 to 2023-11 with July missing: every column equal, the hole counted', async () => {
    const months = ['04', '05', '06', '08', '09', '10', '11'];
    const folder = 'futures-um/klines-12col/FILUSDT/1m/FILUSDT-1m-2023-';
    const parts = await Promise.all(months.map((m) => readRecordedSeries(recordedFile(`${folder}${m}.csv.gz`), 'um')));
    exchange = await startExchange({ candles: recordedCandles(parts), nowMs: Date.parse('2024-01-15') });
    const lake = temporaryFolder();
    const range = ['--from', '2023-04-01', '--to', '2023-12-01'];
    const args = ['run', '--symbols', 'FILUSDT', '--interval', '1m', ...range, '--lake', lake, '--json'];
    const ended = await runLake(args, { exchangeUrl: exchange.url });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(await expectLakeToHold(lake, parts, 'archive_monthly')).toBe(306_720);
    const report = JSON.parse(ended.stdout);
    expect(report).toMatchObject({ complete: true, failures: [], recomputedShards: 7 });
    const missing = report.series[0].shards.map((shard: { missing: number }) => shard.missing);
    expect(missing).toEqual([0, 0, 0, 31 * 1440, 0, 0, 0]);
    // The archive has no file of July, and REST, which was asked, has nothing either.
    // What had closed by the time of the run was not wanted: 45 days less the minute that closes just then.
    const unasked = 45 * 1440 - 1;
    expect(report.series[0].ledger).toEqual({
      grid: 306_720 + 31 * 1440 + unasked,
      candles: 306_720,
      accounted: { unknown: { intervals: 31 * 1440 + unasked, candles: 0 } },
      unasked,
    });
  });

  test('spot 15m of three symbols, archive in microseconds from 2025 on: every column equal', async () => {
    const files = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'].map(
      (s) => `spot/klines-12col/${s}/15m/${s}-15m-2024-12_2026-04.csv.gz`,
    );
    const parts = await Promise.all(files.map((file) => readRecordedSeries(recordedFile(file), 'spot')));
    // The last day of the recording is open; it ends at 04:15.
    exchange = await startExchange({ candles: recordedCandles(parts), nowMs: Date.parse('2026-04-30T04:15:03Z') });
    const lake = temporaryFolder();
    const args = ['run', '--market', 'spot', '--symbols', 'BTCUSDT,ETHUSDT,SOLUSDT', '--interval', '15m'];
    const ended = await runLake([...args, '--from', '2024-12-30', '--lake', lake, '--json'], {
      exchangeUrl: exchange.url,
    });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    for (const part of parts) {
      const rows: string[] = [];
      const prefix = `candles/market=spot/symbol=${part.symbol}/`;
      for (const path of parquetPaths(lake).filter((p) => p.startsWith(prefix))) {
        for (const row of await readParquet(join(lake, path))) {
          rows.push(
            [
              (row['open_time'] as Date).getTime(),
              ...['open', 'high', 'low', 'close', 'volume'].map((name) => row[name]),
              (row['close_time'] as Date).getTime(),
              ...['quote_volume', 'trades', 'taker_buy_volume', 'taker_buy_quote_volume'].map((name) => row[name]),
            ].join(','),
          );
        }
      }
      expect(rows).toHaveLength(46_673);
      expect(rows).toEqual(part.rows.map((row) => row.split(',').slice(0, 11).map(Number).join(',')));
    }
    const counts = JSON.parse(ended.stdout).series.map((series: { candles: number }) => series.candles);
    expect(counts).toEqual([46_673, 46_673, 46_673]);
  });

  test('two official daily zips with their checksums', async () => {
    const days = ['2020-01-01', '2020-01-02'];
    const files = days.map((day) => recordedFile(`spot/archive-zip/BTCUSDT-1m-${day}.zip`));
    const parts = await Promise.all(files.map((file) => readRecordedSeries(file, 'spot')));
    exchange = await startExchange({ candles: recordedCandles(parts), nowMs: Date.parse('2020-01-03T12:00Z') });
    const lake = temporaryFolder();
    const args = ['run', '--market', 'spot', '--symbols', 'BTCUSDT', '--interval', '1m', '--from', '2020-01-01'];
    const ended = await runLake([...args, '--to', '2020-01-03', '--lake', lake, '--json'], {
      exchangeUrl: exchange.url,
    });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(await expectLakeToHold(lake, parts, 'archive_daily')).toBe(2 * 1440);
  });
});
