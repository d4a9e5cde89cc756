import { TABLES } from '../../../lib/domain/tables.ts';
import { BTC, ETH, finishedLake, HOUR, JAN, MAR, NOW, planOf, reportOf, shardOf, WHOLE } from './finished-lake.ts';

/** The part of a run's report about one shard. */
const { holes: _, ...REPORTED } = WHOLE;

test('a shard that lost all its candles has its partition in every table, and adds no wanted candles', async () => {
  const lake = await finishedLake();
  const empty = shardOf(0, MAR + 57 * HOUR, MAR + 57 * HOUR, { period: '2025', grid: 24, quarantined: 24 });
  await lake.refined(BTC, [WHOLE, empty]);
  await lake.run();
  expect([...lake.known].filter((name) => name.endsWith('2025'))).toEqual(
    TABLES.map((table) => `${table}/um/BTCUSDT/1h/2025`),
  );
  const { complete, series } = await reportOf(lake.store);
  expect(complete).toBe(true);
  expect(series[0]).toMatchObject({ candles: 1497, wantedCandles: 1497, shards: [{ candles: 1497 }, { candles: 0 }] });
});

describe('a run in which everything landed and was refined', () => {
  test('is complete, says so in one line, and adds a partition of each table for each shard', async () => {
    const lake = await finishedLake();
    expect(await lake.run()).toEqual({
      runId: 'r1',
      complete: true,
      reportKey: 'runs/r1/report.json',
      summary: 'complete: 2,994 candles, 2 shards of 2 series',
    });
    expect([...lake.known].sort()).toEqual(
      ['candles', 'features', 'gaps', 'labels'].flatMap((table) => [
        `${table}/um/BTCUSDT/1h/2024`,
        `${table}/um/ETHUSDT/1h/2024`,
      ]),
    );
    expect(await reportOf(lake.store)).toMatchObject({
      complete: true,
      asOfMs: NOW,
      finishedAtMs: NOW,
      fromMs: JAN,
      toMs: MAR + 57 * HOUR,
      totals: { requests: 9 },
      notices: ['a notice'],
      fetchedChunks: 4,
      failures: [],
      recomputedShards: 2,
      partitionsAdded: 8,
      series: [
        { series: BTC, wantedCandles: 1497, candles: 1497, shards: [REPORTED] },
        { series: ETH, wantedCandles: 1497, candles: 1497, shards: [REPORTED] },
      ],
    });
  });

  test('has the sum of each series, over all of its shards, and not the ranges still to be asked for', async () => {
    const lake = await finishedLake();
    const holes = [{ fromMs: JAN, toMs: JAN + HOUR }];
    const one = { grid: 1_500, accounted: { unknown: { intervals: 3, candles: 0 } }, unasked: 2, holes };
    const two = {
      grid: 10,
      accounted: { exchange_absent: { intervals: 1, candles: 0 }, archive_hole: { intervals: 2, candles: 2 } },
    };
    await lake.refined(BTC, [shardOf(1497, JAN, MAR, one), { ...shardOf(9, MAR, MAR, two), period: '2025' }]);
    await lake.run();
    const { series } = await reportOf(lake.store);
    expect(series[0]!.ledger).toEqual({
      grid: 1_510,
      candles: 1_506,
      accounted: {
        exchange_absent: { intervals: 1, candles: 0 },
        archive_hole: { intervals: 2, candles: 2 },
        unknown: { intervals: 3, candles: 0 },
      },
      unasked: 2,
    });
    expect(JSON.stringify(series)).not.toContain('holes');
  });

  test('may be catalogued again: nothing is added, nothing else changes', async () => {
    const lake = await finishedLake();
    const first = await lake.run();
    expect(await lake.run()).toEqual(first);
    expect(await reportOf(lake.store)).toMatchObject({ partitionsAdded: 0, fetchedChunks: 4 });
  });

  test('with nothing to fetch is complete as well', async () => {
    const lake = await finishedLake(planOf({ chunks: [] }));
    expect((await lake.run()).complete).toBe(true);
  });

  test('says how many candles were wanted where the exchange has fewer', async () => {
    const lake = await finishedLake();
    await lake.refined(ETH, [shardOf(1490, JAN, MAR + 56 * HOUR, { missing: 7 })]);
    expect((await lake.run()).summary).toBe('complete: 2,987 of 2,994 candles, 2 shards of 2 series');
  });
});
