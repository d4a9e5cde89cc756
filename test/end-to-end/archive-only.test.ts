import { type Exchange, startExchange } from '../../lib/exchange/simulated/exchange.ts';
import { HOUR_MS } from '../support/time.ts';
import { type WorkflowLake, workflowLake } from '../support/workflow-lake.ts';

const NOW = Date.parse('2024-04-03T10:00:05Z');
/** 33 days and ten hours; the archive has all but the ten hours of today. */
const REQUEST = { symbols: ['BTCUSDT'], interval: '1h', from: '2024-03-01' };
const BLOCKED = { kind: 'status', status: 451, match: '/fapi/' } as const;

let nowMs: number;
let exchange: Exchange;
let lake: WorkflowLake;
beforeEach(async () => {
  nowMs = NOW;
  exchange = await startExchange({ nowMs: () => nowMs });
  lake = workflowLake(() => exchange);
});
afterEach(() => exchange.close());

describe('HTTP 451 while candles are wanted that only REST has', () => {
  test('the run is incomplete, and counts them as missing and not as never wanted', async () => {
    exchange.faults.add(BLOCKED);
    const report = await lake.run(REQUEST);
    expect(report).toMatchObject({ complete: false, failures: [], outOfReachCandles: 10 });
    expect(report.summary).toBe(
      'incomplete: 10 candles out of reach: REST cannot be asked, and no archive file has them yet',
    );
    const [series] = report.series;
    expect(series).toMatchObject({ wantedCandles: 33 * 24 + 10, candles: 33 * 24 });
    const { accounted, unasked } = series!.ledger;
    // Only the time from the listing to the first day wanted was never wanted.
    expect(unasked).toBe(accounted.unknown!.intervals - 10);

    nowMs += 2 * HOUR_MS;
    const later = await lake.run(REQUEST);
    expect(later).toMatchObject({ complete: false, outOfReachCandles: 12 });
    expect(later.series[0]!.ledger.unasked).toBe(unasked);
  });

  test('a range that the archive has is complete', async () => {
    exchange.faults.add(BLOCKED);
    const report = await lake.run({ ...REQUEST, to: '2024-04-03' });
    expect(report).toMatchObject({ complete: true, failures: [], outOfReachCandles: 0 });
  });
});

describe('archiveOnly', () => {
  const ARCHIVE = { ...REQUEST, archiveOnly: true };

  test('wants what the archive has by now, is complete with it, and never asks REST; streams neither', async () => {
    const report = await lake.run({ ...ARCHIVE, streams: true });
    expect(report).toMatchObject({ complete: true, failures: [], notices: [], outOfReachCandles: 0 });
    expect(report.series).toMatchObject([{ wantedCandles: 33 * 24, candles: 33 * 24 }]);
    expect(report).not.toHaveProperty('simulated');
    expect(report.toMs).toBe(Date.parse('2024-04-03'));
    expect(lake.asked('/fapi/')).toEqual([]);
    expect(lake.asked('/futures/data')).toEqual([]);
    expect(report.streams!.tables).toMatchObject({ open_interest: { missing: 0 }, mark_candles: { rows: 33 * 24 } });
    expect(await lake.run({ ...ARCHIVE, streams: true })).toMatchObject({ complete: true, fetchedChunks: 0 });
  });

  test('a file that is published late is not wanted before it is there, and then it is fetched', async () => {
    exchange.history.withdraw('2024-04-02.zip');
    expect(await lake.run(ARCHIVE)).toMatchObject({ complete: true, series: [{ wantedCandles: 32 * 24 }] });
    await exchange.close();
    exchange = await startExchange({ nowMs: () => nowMs });
    const next = await lake.run(ARCHIVE);
    expect(next).toMatchObject({ complete: true, fetchedChunks: 1, series: [{ candles: 33 * 24 }] });
  });

  test('a day inside that has no file is counted as missing, and does not end each run incomplete', async () => {
    exchange.history.withdraw('2024-04-01.zip');
    const report = await lake.run(ARCHIVE);
    expect(report).toMatchObject({ complete: true, outOfReachCandles: 0 });
    expect(report.series).toMatchObject([{ wantedCandles: 33 * 24, candles: 32 * 24 }]);
  });

  test('a range of which the archive has no file yet is bad input', async () => {
    await expect(lake.run({ ...ARCHIVE, from: '2024-04-03' })).rejects.toThrow(
      /range must touch a file that the archive has of um\/BTCUSDT\/1h, got from 2024-04-03T00:00:00Z to /,
    );
  });

  test('weeks have monthly files alone', async () => {
    const report = await lake.run({ ...ARCHIVE, interval: '1w', from: '2024-01-01' });
    expect(report).toMatchObject({ complete: true, series: [{ wantedCandles: 13, candles: 13 }] });
    expect(lake.asked('/fapi/')).toEqual([]);
  });
});
