import { duckdbQueryEngine } from '../../../lib/adapters/local/duckdb-query-engine.ts';
import { awkwardFolder, writeText } from '../../support/query-lake.ts';

const BTC = { market: 'um', symbol: 'BTCUSDT', interval: '15m' } as const;
const MANIA = { market: 'um', symbol: '币安人生USDT', interval: '1m' } as const;

test('runs has a row a report', async () => {
  const folder = awkwardFolder();
  const report = {
    runId: 'r1',
    complete: false,
    summary: `incomplete: 1 of 14 chunks failed: "x", 'y'`,
    asOfMs: Date.UTC(2024, 5, 1),
    finishedAtMs: Date.UTC(2024, 5, 1, 0, 1, 2, 345),
    fromMs: Date.UTC(2023, 5, 1),
    toMs: Date.UTC(2024, 5, 1),
    totals: { requests: 27, restWeight: 4, downloadBytes: 123456 },
    notices: [],
    fetchedChunks: 13,
    failures: [{ stage: 'fetch', name: 'x', error: 'CorruptObject', message: '' }],
    recomputedShards: 2,
    partitionsAdded: 0,
    series: [
      { series: BTC, wantedCandles: 100, candles: 90, shards: [{ period: '2023' }] },
      { series: MANIA, wantedCandles: 10, candles: 10, shards: [] },
    ],
  };
  writeText(folder, 'runs/r1/report.json', `${JSON.stringify(report)}\n`);
  writeText(folder, 'runs/r2/report.json', `${JSON.stringify({ ...report, runId: 'r2', series: [], failures: [] })}\n`);
  writeText(folder, 'runs/r2/plan.json', '{"runId": "r2"');
  // A report and its copy are one run.
  writeText(folder, 'run_reports/day=2024-06-01/r1.json', `${JSON.stringify(report)}\n`);
  const engine = await duckdbQueryEngine(folder);
  const result = await engine.query('SELECT * FROM runs ORDER BY run_id');
  await engine.close();
  const [first, second] = result.rows.map((row) => Object.fromEntries(row.map((v, i) => [result.columns[i]!.name, v])));
  expect(first).toEqual({
    run_id: 'r1',
    day: '2024-06-01',
    complete: false,
    summary: report.summary,
    range_from: '2023-06-01T00:00:00Z',
    range_to: '2024-06-01T00:00:00Z',
    as_of: '2024-06-01T00:00:00Z',
    finished_at: '2024-06-01T00:01:02.345Z',
    series: 2,
    wanted_candles: 110,
    candles: 100,
    failures: 1,
    fetched_chunks: 13,
    recomputed_shards: 2,
    partitions_added: 0,
    requests: 27,
    rest_weight: 4,
    download_bytes: 123456,
  });
  expect(result.rows).toHaveLength(2);
  expect(second).toMatchObject({ run_id: 'r2', series: 0, candles: 0, wanted_candles: 0, failures: 0 });
});

test('runs has a row for a run whose report is left only as a copy', async () => {
  const folder = awkwardFolder();
  writeText(folder, 'run_reports/day=2024-06-01/r1.json', `${JSON.stringify({ runId: 'r1', complete: true })}\n`);
  const engine = await duckdbQueryEngine(folder);
  expect((await engine.query('SELECT run_id, complete FROM runs')).rows).toEqual([['r1', true]]);
  await engine.close();
});
