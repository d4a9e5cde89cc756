import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../support/lake-process.ts';
import type { DeployedApp, Resource } from '../deployed-app.ts';
import { machineOf, variablesOf } from './template.ts';

interface MetricStat {
  readonly Metric: { readonly MetricName: string };
  readonly Period: number;
}

function statsOf(properties: Resource['Properties']): MetricStat[] {
  const metrics = (properties['Metrics'] ?? []) as { readonly MetricStat?: MetricStat }[];
  return metrics.flatMap((metric) => metric.MetricStat ?? []);
}

/** The metrics that an alarm with an expression is made from. */
function metricsOf(properties: Resource['Properties']): MetricStat['Metric'][] {
  return statsOf(properties).map((stat) => stat.Metric);
}

/** The different periods of an alarm, in seconds. */
function periodsOf(properties: Resource['Properties']): unknown[] {
  return [...new Set([...statsOf(properties).map((stat) => stat.Period), properties['Period']])].filter(Boolean);
}

/** Alarms, and the metrics that they and the dashboard watch. */
export function describeAlarms(deployed: () => DeployedApp): void {
  let app: DeployedApp;
  beforeAll(() => {
    app = deployed();
  });

  describe('alarms', () => {
    const alarms = () => new Map(app.ofType('AWS::CloudWatch::Alarm').map(([id, alarm]) => [nameOf(id), alarm]));
    const nameOf = (id: string) => id.replace(/^Alarm(.*)[0-9A-F]{8}$/, '$1');
    const of = (name: string) => alarms().get(name)!.Properties;

    test('each mails when it begins and when it ends, and has a runbook', () => {
      const runbooks = readFileSync(join(ROOT, 'docs/operations.md'), 'utf8');
      expect([...alarms().keys()]).toEqual([
        ...['RunFailed', 'RunTimedOut', 'RunAborted'],
        ...['WatchListStale', 'WatchListLate', 'EverythingStale', 'EverythingLate', 'AuditMissing'],
        ...['ExchangeThrottled', 'LambdaThrottled', 'FunctionSlow', 'ChecksumFailed', 'TablesRefused'],
        ...['OverBudget', 'StartFailed', 'AuditFailed', 'DeadLetters'],
      ]);
      const topic = [{ Ref: expect.stringMatching(/^AlarmTopic/) }];
      for (const [name, { Properties }] of alarms()) {
        expect(Properties).toMatchObject({ AlarmActions: topic, OKActions: topic });
        expect(String(Properties['AlarmDescription'])).toMatch(
          new RegExp(`\\. Runbook: docs/operations\\.md, ${name}$`),
        );
        expect(runbooks).toContain(`### ${name}\n`);
      }
      const described = [...runbooks.slice(runbooks.indexOf('## Runbooks')).matchAll(/^### (\w+)$/gm)];
      expect(described.map(([, name]) => name).sort()).toEqual([...alarms().keys()].sort());
    });

    test('none rings before the first run: no data is never a reason', () => {
      for (const [name, { Properties }] of alarms()) {
        expect([name, Properties['TreatMissingData']]).toEqual([
          name,
          expect.stringMatching(/^(notBreaching|ignore)$/),
        ]);
      }
    });

    test('a failure that repeats every quarter of an hour mails once: it keeps its alarm for two hours', () => {
      for (const [name, { Properties }] of alarms()) {
        if (Properties['TreatMissingData'] === 'ignore' || name === 'LambdaThrottled') continue;
        expect([name, Properties]).toEqual([
          name,
          expect.objectContaining({ EvaluationPeriods: 8, DatapointsToAlarm: 1 }),
        ]);
        expect([name, periodsOf(Properties)]).toEqual([name, [900]]);
      }
      // Throttling is waited out; what lasts an hour is told.
      expect(of('LambdaThrottled')).toMatchObject({ EvaluationPeriods: 4, DatapointsToAlarm: 4 });
    });

    test('watch these state machines and the metrics that the Lambdas write', () => {
      const machine = (name: Parameters<typeof machineOf>[1]) => [
        { Name: 'StateMachineArn', Value: { Ref: machineOf(app, name)[0] } },
      ];
      expect(of('RunFailed')).toMatchObject({ MetricName: 'ExecutionsFailed', Dimensions: machine('Runs') });
      expect(of('RunTimedOut')).toMatchObject({ MetricName: 'ExecutionsTimedOut', Dimensions: machine('Runs') });
      expect(of('RunAborted')).toMatchObject({ MetricName: 'ExecutionsAborted', Dimensions: machine('Runs') });
      for (const [alarm, name] of [
        ['AuditFailed', 'Audits'],
        ['StartFailed', 'RefreshStarter'],
      ] as const) {
        expect(metricsOf(of(alarm))).toEqual(
          ['ExecutionsFailed', 'ExecutionsTimedOut', 'ExecutionsAborted'].map((MetricName) => ({
            Namespace: 'AWS/States',
            MetricName,
            Dimensions: machine(name),
          })),
        );
      }
    });

    test('each schedule has an age of its own, and a time since it was complete', () => {
      const service = { Name: 'service', Value: variablesOf(app, 'catalogue')['POWERTOOLS_SERVICE_NAME'] };
      const dimensions = (schedule: string) => [{ Name: 'schedule', Value: schedule }, service];
      const rule = (MetricName: string, schedule: string, Threshold: number) => ({
        MetricName,
        Namespace: 'Candlelake',
        Statistic: 'Maximum',
        Threshold,
        Dimensions: dimensions(schedule),
      });
      expect(of('WatchListStale')).toMatchObject(rule('OldestSeriesAge', 'WatchList', 45 * 60));
      expect(of('WatchListLate')).toMatchObject(rule('SecondsSinceComplete', 'WatchList', 45 * 60));
      expect(of('EverythingStale')).toMatchObject(rule('OldestSeriesAge', 'Everything', 26 * 3600));
      expect(of('EverythingLate')).toMatchObject(rule('SecondsSinceComplete', 'Everything', 26 * 3600));
      expect(of('AuditMissing')).toMatchObject(rule('SecondsSinceComplete', 'Audit', 8 * 86_400));
    });

    test('the time of functions is watched before it is used up', () => {
      const limits = app
        .ofType('AWS::Lambda::Function')
        .filter(([, { Properties }]) => String(Properties['Description']).includes('stage of the candle lake'))
        .map(([, { Properties }]) => Properties['Timeout'] as number);
      expect(limits).toEqual([900, 900, 900, 900, 900]);
      expect(of('FunctionSlow')['Threshold']).toBe(0.8 * 900_000);
      expect(metricsOf(of('FunctionSlow')).map(({ MetricName }) => MetricName)).toEqual(Array(5).fill('Duration'));
    });

    test('logs are kept as long as configured, not for ever', () => {
      const groups = app.ofType('AWS::Logs::LogGroup');
      expect(groups.length).toBeGreaterThanOrEqual(6);
      for (const [, { Properties }] of groups) expect(Properties['RetentionInDays']).toBe(30);
    });
  });
}
