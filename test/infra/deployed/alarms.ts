import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DeployedApp } from '../deployed-app.ts';
import { ROOT } from '../synthesised-definition.ts';
import { machineOf, variablesOf } from './template.ts';

/** Alarms, and the metrics that they and the dashboard watch. */
export function describeAlarms(deployed: () => DeployedApp): void {
  let app: DeployedApp;
  beforeAll(() => {
    app = deployed();
  });

  describe('alarms', () => {
    test('each rings the bell and has a runbook', () => {
      const runbooks = readFileSync(join(ROOT, 'docs/operations.md'), 'utf8');
      const alarms = app.ofType('AWS::CloudWatch::Alarm');
      expect(alarms.map(([id]) => id.replace(/^Alarm(.*)[0-9A-F]{8}$/, '$1'))).toEqual([
        ...['RunFailed', 'RunTimedOut', 'LakeStale', 'ExchangeThrottled', 'LambdaThrottled', 'ChecksumFailed'],
        ...['OverBudget', 'StartFailed', 'AuditFailed', 'DeadLetters'],
      ]);
      for (const [, { Properties }] of alarms) {
        expect(Properties['AlarmActions']).toEqual([{ Ref: expect.stringMatching(/^AlarmTopic/) }]);
        const name = /Runbook: docs\/operations\.md, (\w+)$/.exec(String(Properties['AlarmDescription']))![1]!;
        expect(runbooks).toContain(`### ${name}\n`);
      }
    });

    test('watch these state machines and the metrics that the Lambdas write', () => {
      const alarms = new Map(app.ofType('AWS::CloudWatch::Alarm').map(([id, alarm]) => [id, alarm.Properties]));
      const of = (name: string) => [...alarms].find(([id]) => id.startsWith(`Alarm${name}`))![1];
      expect(of('RunFailed')).toMatchObject({
        MetricName: 'ExecutionsFailed',
        Dimensions: [{ Name: 'StateMachineArn', Value: { Ref: machineOf(app, 'Runs')[0] } }],
      });
      expect(of('AuditFailed')).toMatchObject({
        MetricName: 'ExecutionsFailed',
        Dimensions: [{ Name: 'StateMachineArn', Value: { Ref: machineOf(app, 'Audits')[0] } }],
      });
      const service = variablesOf(app, 'catalogue')['POWERTOOLS_SERVICE_NAME'];
      expect(of('LakeStale')).toMatchObject({
        MetricName: 'NewestCandleAge',
        Dimensions: [{ Name: 'service', Value: service }],
        TreatMissingData: 'breaching',
      });
    });

    test('logs are kept as long as configured, not for ever', () => {
      const groups = app.ofType('AWS::Logs::LogGroup');
      expect(groups.length).toBeGreaterThanOrEqual(6);
      for (const [, { Properties }] of groups) expect(Properties['RetentionInDays']).toBe(30);
    });
  });
}
