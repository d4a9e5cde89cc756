import { runMetrics } from '../../../lib/lake/catalogue/run-metrics.ts';
import { BTC, ETH, finishedLake, HOUR, MAR, planOf, reportOf } from './finished-lake.ts';

/** As Glue answers a role that Lake Formation has not granted anything. */
const REFUSED = Object.assign(new Error('Insufficient Lake Formation permission(s): Required Insert on labels'), {
  name: 'AccessDeniedException',
});

describe('a run whose tables are refused', () => {
  test('leaves its report, ends incomplete, and names the tables and the reason', async () => {
    const lake = await finishedLake();
    const result = await lake.run({
      addPartitions: (table) => (table === 'labels' ? Promise.reject(REFUSED) : Promise.resolve(2)),
    });
    expect(result).toMatchObject({
      complete: false,
      summary:
        'incomplete: not registered: partitions of labels ' +
        '(AccessDeniedException: Insufficient Lake Formation permission(s): Required Insert on labels)',
    });
    expect(await reportOf(lake.store)).toMatchObject({
      complete: false,
      failures: [{ stage: 'catalogue', name: 'partitions of labels', error: 'AccessDeniedException' }],
      // The other three tables have theirs.
      partitionsAdded: 6,
      series: [{ candles: 1497 }, { candles: 1497 }],
    });
  });

  test('is complete when it is closed again and the tables take them', async () => {
    const lake = await finishedLake();
    await lake.run({ addPartitions: () => Promise.reject(REFUSED) });
    expect(await lake.run()).toMatchObject({ complete: true });
    expect(await reportOf(lake.store)).toMatchObject({ complete: true, failures: [], partitionsAdded: 8 });
  });
});

test('a run that is cut off while the tables are asked has a report: they are not registered', async () => {
  const lake = await finishedLake();
  let asked = () => {};
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve;
  });
  // It never comes back, as a function that has reached its time limit.
  lake.run({ addPartitions: () => new Promise(() => asked()) });
  await isAsked;
  const report = JSON.parse(new TextDecoder().decode(await lake.store.get('runs/r1/report.json')));
  expect(report).toMatchObject({
    complete: false,
    summary: 'incomplete: not registered: partitions (NotRegistered: the run ended before the tables had them)',
    partitionsAdded: 0,
    series: [{ series: BTC, candles: 1497 }, { series: ETH }],
  });
});

test('all tables are asked at once: none waits for the answer of another', async () => {
  const lake = await finishedLake();
  const asked: string[] = [];
  let answer = () => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const result = lake.run({
    async addPartitions(table) {
      asked.push(table);
      if (asked.length === 4) answer();
      await answered;
      return 1;
    },
  });
  expect(await result).toMatchObject({ complete: true });
  expect(asked.sort()).toEqual(['candles', 'features', 'gaps', 'labels']);
});

test('a symbol that stopped trading has no age: the run is as fresh as the others', async () => {
  const plan = planOf();
  const [btc, eth] = plan.series;
  const ended = { ...eth!, range: { ...eth!.range, toMs: MAR } };
  const lake = await finishedLake({ ...plan, series: [btc!, ended] });
  await lake.run();
  const report = await reportOf(lake.store);
  expect(report.series.map((series) => series.ended)).toEqual([undefined, true]);
  expect(runMetrics(report).newestCandles).toEqual([{ series: 'um/BTCUSDT/1h', ageSeconds: HOUR / 1000 }]);
});
