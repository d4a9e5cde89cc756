import { workflowDefinition } from '../../../lib/app/workflow-definition.ts';
import { startExchange } from '../../../lib/exchange/simulated/exchange.ts';
import { LAMBDA_STAGES, RUN_STAGES } from '../../../lib/infra/access.ts';
import { planAudit, reportAudit } from '../../../lib/lake/audit/audit.ts';
import { auditExchange, type ExchangeRequests } from '../../../lib/lake/audit/audit-exchange.ts';
import { auditItem } from '../../../lib/lake/audit/audit-item.ts';
import type { AuditItem, AuditPlan, AuditRequest } from '../../../lib/lake/audit/contract.ts';
import { runWorkflow } from '../../../lib/workflow/run-workflow.ts';
import { StateMachine } from '../../../lib/workflow/state-machine.ts';
import { auditedLake } from '../../support/audited-lake.ts';
import { keyWith } from '../../support/store.ts';
import type { DeployedApp } from '../deployed-app.ts';
import { idOf, LAKE, machineOf, text, versionOf } from './template.ts';

/** The state machines, run as they are in the template, and what starts them. */
export function describeMachines(deployed: () => DeployedApp): void {
  let app: DeployedApp;
  beforeAll(() => {
    app = deployed();
  });

  describe('the state machine', () => {
    test('is the one that the local run synthesises', () => {
      const [, machine] = machineOf(app, 'Runs');
      let deployed = text(machine.Properties['DefinitionString']);
      for (const stage of RUN_STAGES) deployed = deployed.replaceAll(`<${versionOf(app, stage)}>`, stage);
      deployed = deployed.replaceAll(`<${LAKE}>`, 'lake').replaceAll('<AWS::Partition>', 'aws');
      expect(JSON.parse(deployed)).toEqual(workflowDefinition());
    });

    test('of audits lists the series, audits each, reports, and ends failed where something is wrong', async () => {
      const [, machine] = machineOf(app, 'Audits');
      const definition = JSON.parse(
        text(machine.Properties['DefinitionString'])
          .replaceAll(`<${versionOf(app, 'audit')}>`, 'audit')
          .replaceAll(`<${LAKE}>`, 'lake')
          .replaceAll('<AWS::Partition>', 'aws'),
      );
      const exchange = await startExchange({ nowMs: Date.parse('2024-02-03T10:07Z') });
      try {
        const lake = auditedLake(exchange);
        for (const interval of ['4h', '1d'] as const) {
          await lake.run({ market: 'um', symbol: 'BTCUSDT', interval }, [['archive_monthly', '2024-01']]);
        }
        const { store, clock } = lake;
        const world = {
          store,
          clock,
          codeHash: 'code 1',
          exchange: auditExchange({} as ExchangeRequests, 'offline'),
        };
        // As the Lambda tells its steps apart.
        const audit = async (event: unknown) => {
          const given = event as { runId: string; request: AuditRequest } | AuditItem | AuditPlan;
          if ('request' in given) return planAudit(given.runId, given.request, { store, clock });
          if (!('file' in given)) return reportAudit(given, { store, clock });
          if (given.file === 'um_BTCUSDT_1d' && given.runId === 'third') throw new TypeError('no such thing');
          return auditItem(given, world);
        };
        const run = (runId: string) =>
          runWorkflow({ definition, input: {}, runId, store, tasks: { audit }, waitScale: 0 });
        expect(await run('first')).toMatchObject({ status: 'SUCCEEDED' });
        await store.put(keyWith(store, 'labels/', 'interval=4h'), Buffer.from('damaged'));
        expect(await run('second')).toMatchObject({
          status: 'FAILED',
          error: 'AuditFailed',
          cause: expect.stringContaining('1 finding: 1 wrong'),
        });
        expect(await run('third')).toMatchObject({
          status: 'FAILED',
          cause: expect.stringContaining('1 series not audited to the end'),
        });
        const report = JSON.parse(Buffer.from((await store.get('audits/third.json'))!).toString());
        expect(report.unaudited).toEqual([{ series: 'um/BTCUSDT/1d', message: expect.stringContaining('TypeError') }]);
      } finally {
        await exchange.close();
      }
    });

    test('invokes versions that stay, so that a deployment changes no running execution', () => {
      const versions = app.ofType('AWS::Lambda::Version');
      expect(versions).toHaveLength(LAMBDA_STAGES.length);
      for (const [, version] of versions) {
        expect(version).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
      }
      for (const [id, machine] of app.ofType('AWS::StepFunctions::StateMachine')) {
        const called = text(machine.Properties['DefinitionString']).matchAll(/"FunctionName":"([^"]*)"/g);
        const names = [...new Set([...called].map(([, name]) => name!.slice(1, -1)))];
        expect(names.filter((name) => app.resources[name]?.Type !== 'AWS::Lambda::Version')).toEqual([]);
        expect([id, names.length]).toEqual([id, id.startsWith('Refresh') ? 0 : id.startsWith('Audits') ? 1 : 4]);
      }
    });

    test('each function has an alias for people, which points at the version that the machines invoke', () => {
      const aliases = app.ofType('AWS::Lambda::Alias').map(([, { Properties }]) => ({
        name: Properties['Name'],
        of: text(Properties['FunctionName']),
        version: text(Properties['FunctionVersion']),
      }));
      const expected = LAMBDA_STAGES.map((stage) => ({
        ...{ name: 'live', of: `<${idOf(app, stage, 'Function')}>`, version: `<${versionOf(app, stage)}>` },
      }));
      const byFunction = (a: { of: string }, b: { of: string }) => (a.of < b.of ? -1 : 1);
      expect(aliases.sort(byFunction)).toEqual(expected.sort(byFunction));
    });

    test('logs and traces', () => {
      for (const [, { Properties }] of app.ofType('AWS::StepFunctions::StateMachine')) {
        expect(Properties).toMatchObject({
          TracingConfiguration: { Enabled: true },
          // What a state takes and gives stays out of the logs.
          LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
        });
        const { Destinations } = Properties['LoggingConfiguration'] as {
          readonly Destinations: readonly { readonly CloudWatchLogsLogGroup: { readonly LogGroupArn: unknown } }[];
        };
        const [group] = Destinations.map(({ CloudWatchLogsLogGroup }) => text(CloudWatchLogsLogGroup.LogGroupArn));
        // One line of the account's policy for the delivery of logs allows all groups below this name.
        expect(app.resources[group!.slice(1, -1)]!.Properties['LogGroupName']).toMatch(
          /^\/aws\/vendedlogs\/states\/candlelake\//,
        );
      }
      for (const [, { Properties }] of app.ofType('AWS::Lambda::Function')) {
        expect(Properties['TracingConfig']).toEqual({ Mode: 'Active' });
      }
    });
  });

  describe('schedules', () => {
    test('a watch list every quarter of an hour, everything daily, an audit weekly, dead letters kept', () => {
      const schedules = app.ofType('AWS::Scheduler::Schedule').map(([, { Properties }]) => Properties);
      expect(schedules.map((properties) => properties['ScheduleExpression'])).toEqual([
        'cron(1/15 * * * ? *)',
        'cron(40 9 * * ? *)',
        'cron(20 13 ? * SUN *)',
      ]);
      for (const properties of schedules) {
        expect(properties).toMatchObject({
          State: 'ENABLED',
          ScheduleExpressionTimezone: 'Etc/UTC',
          Target: {
            DeadLetterConfig: { Arn: { 'Fn::GetAtt': [expect.stringMatching(/^RefreshDeadLetters/), 'Arn'] } },
            RetryPolicy: { MaximumRetryAttempts: 3 },
          },
        });
      }
      const inputs = schedules.map((properties) => JSON.parse((properties['Target'] as { Input: string }).Input));
      expect(inputs).toEqual([
        { schedule: 'WatchList', scheduledTime: '<aws.scheduler.scheduled-time>', request: {} },
        {
          schedule: 'Everything',
          scheduledTime: '<aws.scheduler.scheduled-time>',
          request: { symbols: ['all'], interval: '15m', period: '1y', streams: true },
        },
        {},
      ]);
      const targets = schedules.map((properties) => text((properties['Target'] as { Arn: unknown }).Arn));
      expect(targets[2]).toMatch(/^<AuditsStateMachine/);
    });

    test('two deliveries of one time ask for one name, which a run may have', async () => {
      const [, starter] = machineOf(app, 'RefreshStarter');
      const definition = JSON.parse(text(starter.Properties['DefinitionString']));
      const taken = new Map<string, unknown>();
      const startExecution = (parameters: { Name: string; Input: unknown }) => {
        if (taken.has(parameters.Name)) {
          throw Object.assign(new Error(), { name: 'StepFunctions.ExecutionAlreadyExistsException' });
        }
        taken.set(parameters.Name, parameters.Input);
        return {};
      };
      const deliver = (scheduledTime: string) =>
        new StateMachine(definition, { validationOptions: { noValidate: true } }).run(
          { schedule: 'WatchList', scheduledTime, request: {} },
          { overrides: { taskResourceLocalHandlers: { StartRun: startExecution as never } } },
        ).result;
      await deliver('2026-11-20T09:31:00Z');
      await deliver('2026-11-20T09:31:00Z');
      await deliver('2026-11-20T09:46:00Z');
      expect([...taken]).toEqual([
        ['WatchList-2026-11-20T09-31-00Z', {}],
        ['WatchList-2026-11-20T09-46-00Z', {}],
      ]);
      // What Step Functions allows in the name of an execution.
      for (const name of taken.keys()) expect(name).toMatch(/^[A-Za-z0-9_-]{1,80}$/);
    });
  });
}
