import { type Exchange, startExchange } from '../../../lib/exchange/simulated/exchange.ts';
import type { PlanResult } from '../../../lib/lake/plan/contract.ts';
import { createFunctionRunner, type FunctionRunner } from '../../aws/function-runner.ts';
import type { DeployedApp } from '../deployed-app.ts';
import { type StandInAws, startStandInAws } from '../stand-in-aws.ts';
import { metricsIn, watchedBy } from './audit-metrics.ts';
import { idOf, variablesOf } from './template.ts';

const NOW = '2024-05-02T10:03:05Z';
const REQUEST = { symbols: ['BTCUSDT', 'ETHUSDT'], interval: '1h', from: '2024-04-20' };
const AGE = 'Candlelake OldestSeriesAge service=candlelake,schedule=WatchList';
const SINCE = 'Candlelake SecondsSinceComplete service=candlelake,schedule=WatchList';
const SINCE_AUDIT = 'Candlelake SecondsSinceComplete service=candlelake,schedule=Audit';

/** The tests of the metrics of a schedule, from the functions' log. */
export function describeScheduleMetrics(deployed: () => DeployedApp): void {
  describe('the metrics of a schedule', () => {
    let exchange: Exchange;
    let aws: StandInAws;
    let functions: FunctionRunner;
    beforeAll(async () => {
      exchange = await startExchange({ nowMs: Date.parse(NOW) });
      aws = await startStandInAws();
      functions = createFunctionRunner({
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_REGION: 'us-east-1',
        AWS_ENDPOINT_URL: aws.url,
      });
    });
    afterAll(async () => {
      functions?.close();
      aws?.close();
      await exchange?.close();
    });

    /** A run of all four stages. Returns the metrics that it wrote. */
    async function run(runId: string, now: string): Promise<Record<string, unknown>> {
      const app = deployed();
      const invoke = async (stage: 'plan' | 'fetch' | 'refine' | 'catalogue', event: unknown) => {
        const target = {
          // Another instant is another sandbox.
          name: `${stage} ${now}`,
          folder: app.bundle(idOf(app, stage, 'Function')),
          timeoutSec: 60,
          environment: {
            ...variablesOf(app, stage),
            CANDLELAKE_LAKE: 's3://lake',
            CANDLELAKE_REST_URL: exchange.url,
            CANDLELAKE_ARCHIVE_URL: exchange.url,
            CANDLELAKE_NOW: now,
          },
        };
        const { payload, failed } = await functions.invoke(target, event);
        if (failed) throw new Error(`${stage}: ${payload}`);
        return JSON.parse(payload);
      };
      const itemsAt = (key: string) => JSON.parse(Buffer.from(aws.objects.get(`lake/${key}`)!).toString()) as object[];
      const before = functions.log().length;
      const planned: PlanResult = await invoke('plan', { runId, request: REQUEST });
      for (const key of [planned.archiveKey, planned.restKey]) {
        for (const item of itemsAt(key)) await invoke('fetch', item);
      }
      for (const item of itemsAt(planned.seriesKey)) await invoke('refine', item);
      await invoke('catalogue', { runId });
      return metricsIn(functions.log().slice(before));
    }

    test('are not there before the first run is complete, and are on the dashboard', async () => {
      aws.refused.add('labels');
      const metrics = await run('WatchList-2024-05-02T10-01-00Z', NOW);
      expect(metrics).toMatchObject({ [AGE]: 185, 'Candlelake TablesRefused service=candlelake': 1 });
      for (const name of [SINCE, SINCE_AUDIT]) expect(metrics).not.toHaveProperty([name]);
      const watched = (title: string) => watchedBy(deployed(), title);
      expect(watched('Age of the oldest series by schedule')[0]).toBe('Candlelake OldestSeriesAge schedule=WatchList');
      expect(watched('Time since complete by schedule')).toHaveLength(3);
    });

    test('an incomplete run does not count; the next run measures the time since the last complete one', async () => {
      aws.refused.clear();
      const second = await run('WatchList-2024-05-02T10-16-00Z', NOW);
      expect(second).not.toHaveProperty([SINCE]);
      const third = await run('Everything-2024-05-02T10-31-00Z', '2024-05-02T10:31:05Z');
      expect(third).toMatchObject({
        [SINCE]: 28 * 60,
        'Candlelake OldestSeriesAge service=candlelake,schedule=Everything': expect.any(Number),
        // No audit has ended yet: its time is counted from the first scheduled run.
        [SINCE_AUDIT]: 28 * 60,
      });
    });

    test('a run that a person started has none', async () => {
      const names = Object.keys(await run('by-hand', NOW));
      expect(names.length).toBeGreaterThan(5);
      expect(names.filter((name) => name.includes('schedule='))).toEqual([]);
    });
  });
}
