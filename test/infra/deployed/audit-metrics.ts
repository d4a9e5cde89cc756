import { lastCompleteKey } from '../../../lib/domain/schedule.ts';
import type { Series } from '../../../lib/domain/series.ts';
import { type Exchange, startExchange } from '../../../lib/exchange/simulated/exchange.ts';
import type { AuditPlan, AuditReport } from '../../../lib/lake/audit/contract.ts';
import { createFunctionRunner, type FunctionRunner } from '../../aws/function-runner.ts';
import { auditedLake } from '../../support/audited-lake.ts';
import { flip } from '../../support/damage.ts';
import { keyWith } from '../../support/store.ts';
import type { DeployedApp } from '../deployed-app.ts';
import { type StandInAws, startStandInAws } from '../stand-in-aws.ts';
import { idOf, text, variablesOf } from './template.ts';

const SERIES: Series = { market: 'um', symbol: 'BTCUSDT', interval: '4h' };
const MONTHLY = 'BTCUSDT-4h-2024-01.zip';

/** A line of the log that CloudWatch makes metrics of (embedded metric format). */
interface MetricLine {
  readonly _aws: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
  readonly [value: string]: unknown;
}

/** Metrics by their whole name in CloudWatch, as `namespace name dimension=value`, with their values. */
export function metricsIn(log: string): Record<string, unknown> {
  const lines = log.split('\n').filter((line) => line.includes('"_aws"'));
  return Object.fromEntries(
    lines
      .map((line) => JSON.parse(line) as MetricLine)
      .flatMap((line) =>
        line._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
          Metrics.flatMap(({ Name }) =>
            Dimensions.map((names) => [
              `${Namespace} ${Name} ${names.map((name) => `${name}=${line[name]}`)}`,
              line[Name],
            ]),
          ),
        ),
      ),
  );
}

/** The metrics of the widget with this title, named in the same way. */
export function watchedBy(app: DeployedApp, title: string): string[] {
  const [[, dashboard]] = app.ofType('AWS::CloudWatch::Dashboard') as unknown as [
    [string, DeployedApp['resources'][0]],
  ];
  const { widgets } = JSON.parse(text(dashboard.Properties['DashboardBody'])) as {
    widgets: { properties: { title: string; metrics: string[][] } }[];
  };
  const widget = widgets.find(({ properties }) => properties.title === title)!;
  return widget.properties.metrics.map(
    ([namespace, name, dimension, value]) => `${namespace} ${name} ${dimension}=${value}`,
  );
}

/** The metrics of an audit, from the function's log to the dashboard. */
export function describeAuditMetrics(deployed: () => DeployedApp): void {
  describe('the metrics of an audit', () => {
    let exchange: Exchange;
    let aws: StandInAws;
    let functions: FunctionRunner;
    beforeAll(async () => {
      exchange = await startExchange({ nowMs: Date.parse('2024-02-03T10:07:00Z') });
      aws = await startStandInAws();
      functions = createFunctionRunner({
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_REGION: 'us-east-1',
        AWS_ENDPOINT_URL: aws.url,
      });
      const lake = auditedLake(exchange);
      await lake.run(SERIES, [['archive_monthly', '2024-01']]);
      for (const [key, bytes] of lake.store.objects) aws.objects.set(`lake/${key}`, bytes);
    });
    afterAll(async () => {
      functions?.close();
      aws?.close();
      await exchange?.close();
    });

    /** The three steps of an audit, and what they wrote into the log for CloudWatch. */
    async function audit(runId: string): Promise<{ metrics: Record<string, unknown>; report: AuditReport }> {
      const app = deployed();
      const target = {
        name: 'audit',
        folder: app.bundle(idOf(app, 'audit', 'Function')),
        timeoutSec: 60,
        environment: {
          ...variablesOf(app, 'audit'),
          CANDLELAKE_LAKE: 's3://lake',
          CANDLELAKE_REST_URL: exchange.url,
          CANDLELAKE_ARCHIVE_URL: exchange.url,
        },
      };
      const invoke = async (event: unknown) => {
        const { payload, failed } = await functions.invoke(target, event);
        if (failed) throw new Error(payload);
        return JSON.parse(payload);
      };
      const read = (key: string) => JSON.parse(Buffer.from(aws.objects.get(`lake/${key}`)!).toString());
      const before = functions.log().length;
      const planned: AuditPlan = await invoke({ runId, request: { sample: 0 } });
      for (const item of read(planned.seriesKey)) await invoke(item);
      await invoke(planned);
      return { metrics: metricsIn(functions.log().slice(before)), report: read(`audits/${runId}.json`) };
    }

    const named = (objects: number, wrong: number, differs: number) => ({
      'Candlelake ObjectsAudited service=candlelake': objects,
      'Candlelake AuditWrong service=candlelake': wrong,
      'Candlelake AuditDiffers service=candlelake': differs,
    });

    test('of a sound lake: its objects, and noughts; each is on the dashboard, and there are no others', async () => {
      const { metrics, report } = await audit('sound');
      expect(report).toMatchObject({ clean: true, unaudited: [] });
      // A manifest, a checkpoint, the record of a version and four tables; an archive file with its receipt.
      expect(metrics).toEqual(named(3 + 4 + 2, 0, 0));
      expect(watchedBy(deployed(), 'audit').sort()).toEqual(Object.keys(metrics).sort());
    });

    test('an audit that has ended leaves when, by which a missing one is noticed', () => {
      const noted = JSON.parse(Buffer.from(aws.objects.get(`lake/${lastCompleteKey('Audit')}`)!).toString());
      expect(noted).toEqual({ endedAtMs: expect.any(Number) });
    });

    test('of a lake with findings: how many are wrong, and how many differ', async () => {
      for (const table of ['labels/', 'features/']) {
        const name = keyWith({ objects: aws.objects }, `lake/${table}`);
        aws.objects.set(name, flip(100)(Buffer.from(aws.objects.get(name)!)));
      }
      exchange.faults.add({ kind: 'restated_rows', match: MONTHLY });
      const { metrics, report } = await audit('damaged');
      expect(report.findings.map(({ severity, check }) => `${severity} ${check}`)).toEqual([
        ...['wrong manifests', 'wrong manifests', 'differs revisions'],
      ]);
      expect(metrics).toEqual(named(3 + 4 + 2, 2, 1));
    });
  });
}
