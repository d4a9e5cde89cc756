import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { planAudit, reportAudit } from '../../lib/audit/audit.ts';
import { auditItem } from '../../lib/audit/audit-item.ts';
import type { AuditItem, AuditPlan, AuditRequest } from '../../lib/audit/contract.ts';
import { createReach } from '../../lib/audit/reach.ts';
import type { ExchangeQuestions } from '../../lib/audit/tools.ts';
import { LAKE_READERS } from '../../lib/audit-tools.ts';
import { runReportKey, TABLES, tableKey } from '../../lib/domain/keys.ts';
import { CANDLES_SCHEMA } from '../../lib/domain/table-schema.ts';
import { DEFAULT_WATCH_LIST } from '../../lib/domain/watch-list.ts';
import { FEATURES_SCHEMA } from '../../lib/features/schema.ts';
import { ACCESS, LAMBDA_STAGES, type LambdaStage, RUN_STAGES } from '../../lib/infra/access.ts';
import { LABELS_SCHEMA } from '../../lib/labels/schema.ts';
import type { PlanResult } from '../../lib/plan/contract.ts';
import { namedQueries } from '../../lib/query/named-queries.ts';
import { VIEWS } from '../../lib/query/views.ts';
import { refine } from '../../lib/refine/refine.ts';
import { runWorkflow } from '../../lib/workflow/run-workflow.ts';
import { StateMachine } from '../../lib/workflow/state-machine.ts';
import { auditedLake, keyWith } from '../audit/audited-lake.ts';
import { createFunctionRunner } from '../aws/function-runner.ts';
import { startExchange } from '../exchange/exchange.ts';
import { temporaryLake } from '../workflow/temporary-lake.ts';
import { type DeployedApp, type Resource, synthesiseApp } from './deployed-app.ts';
import { startStandInAws } from './stand-in-aws.ts';
import { ROOT, synthesisedDefinition } from './synthesised-definition.ts';

/** Long enough for a busy machine. */
const SYNTHESIS_MS = 180_000;

// Once for all tests of this file, bundles and cdk-nag included: synthesis fails on a finding that nobody has explained.
let app: DeployedApp;
beforeAll(() => {
  app = synthesiseApp();
}, SYNTHESIS_MS);
afterAll(() => app?.remove());

const LAKE = 'LakeBucketB1D32E10';

/** Logical id of a stage's Lambda or role. */
function idOf(stage: LambdaStage, type: 'Function' | 'Role'): string {
  const prefix = stage[0]!.toUpperCase() + stage.slice(1) + type;
  const ids = app.ofType(type === 'Function' ? 'AWS::Lambda::Function' : 'AWS::IAM::Role').map(([id]) => id);
  return ids.find((id) => id.startsWith(prefix))!;
}

/** CloudFormation's functions as text: `<Id>` for what only a deployment knows. */
function text(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const [[name, argument]] = Object.entries(value) as [[string, unknown]];
  if (name === 'Ref') return `<${argument}>`;
  if (name === 'Fn::GetAtt') return `<${(argument as string[])[0]}>`;
  if (name === 'Fn::Join') return (argument as [string, unknown[]])[1].map(text).join('');
  return JSON.stringify(value);
}

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: Record<string, Record<string, unknown>>;
}

/** What the policies of a role allow, as `action on resource`. */
function allowed(roleId: string): string[] {
  return app
    .ofType('AWS::IAM::Policy')
    .filter(([, { Properties }]) => (Properties['Roles'] as { Ref: string }[]).some(({ Ref }) => Ref === roleId))
    .flatMap(([, { Properties }]) => (Properties['PolicyDocument'] as { Statement: Statement[] }).Statement)
    .flatMap((statement) =>
      [statement.Action].flat().flatMap((action) => [statement.Resource].flat().map((r) => `${action} on ${text(r)}`)),
    );
}

describe('stateful resources', () => {
  test('keep their logical ids: a changed id is a new, empty resource', () => {
    const types = ['AWS::S3::Bucket', 'AWS::Glue::Database', 'AWS::Glue::Table'];
    const stateful = types.flatMap((type) => app.ofType(type));
    expect(stateful.map(([id]) => id).sort()).toEqual([
      'LakeAccessLogs4431AB8D',
      LAKE,
      'SqlDatabase9947477D',
      'SqlTablecandles8C3A42C4',
      'SqlTablefeatures8778C7C5',
      'SqlTablefunding81FBB94F',
      'SqlTablegaps77B56164',
      'SqlTableinstruments0D9AB90B',
      'SqlTablelabels233DF522',
      'SqlTablemarkcandlesEABB38B1',
      'SqlTableopeninterestDEE90A52',
      'SqlTablerunreportsA1CE1440',
      'ViewsViewdataset0674BB2E',
      'ViewsViewmllstm0E30F331',
      'ViewsViewmlmlpAA4B49A3',
      'ViewsViewmlxgboost918F7E2A',
      'ViewsViewrunsADF0182D',
    ]);
    expect(stateful.filter(([, { DeletionPolicy }]) => DeletionPolicy !== 'Retain')).toEqual([]);
  });

  test('the lake is versioned, encrypted, private and takes TLS only', () => {
    const { Properties } = app.resources[LAKE]!;
    expect(Properties).toMatchObject({
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
    expect(JSON.stringify(Properties['BucketEncryption'])).toContain('"SSEAlgorithm":"AES256"');
    const policy = app.ofType('AWS::S3::BucketPolicy').find(([, p]) => text(p.Properties['Bucket']) === `<${LAKE}>`)!;
    const denials = (policy[1].Properties['PolicyDocument'] as { Statement: Statement[] }).Statement;
    expect(denials).toContainEqual(
      expect.objectContaining({
        Effect: 'Deny',
        Action: 's3:*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    );
  });

  test('the tables have the columns of the schemas that the Parquet writer writes', () => {
    const glue = {
      timestamp: 'timestamp',
      float64: 'double',
      float32: 'float',
      int32: 'int',
      int8: 'tinyint',
      string: 'string',
    };
    for (const schema of [CANDLES_SCHEMA, FEATURES_SCHEMA, LABELS_SCHEMA]) {
      const inputs = app.ofType('AWS::Glue::Table').map(([, t]) => t.Properties['TableInput'] as Record<string, never>);
      const table = inputs.find((input) => input['Name'] === schema.name)!;
      expect(table['StorageDescriptor']['Columns']).toEqual(
        schema.columns.map(({ name, type }) => ({ Name: name, Type: glue[type] })),
      );
      expect(text(table['StorageDescriptor']['Location'])).toBe(`s3://<${LAKE}>/${schema.name}/`);
      expect((table['PartitionKeys'] as { Name: string }[]).map(({ Name }) => Name)).toEqual([
        ...['market', 'symbol', 'interval', 'period'],
      ]);
    }
  });
});

describe('least privilege', () => {
  test.each([...LAMBDA_STAGES])('%s touches its own prefixes of the lake and nothing else there', (stage) => {
    const objects = allowed(idOf(stage, 'Role')).filter(
      (line) => line.startsWith('s3:') && !line.startsWith('s3:List'),
    );
    const { read, write } = ACCESS[stage];
    expect(objects.sort()).toEqual(
      [
        ...read.map((prefix) => `s3:GetObject on <${LAKE}>/${prefix}*`),
        ...write.map((prefix) => `s3:PutObject on <${LAKE}>/${prefix}*`),
      ].sort(),
    );
  });

  test('nobody may delete from the lake, or read the parameters of the API key but fetch', () => {
    const roles = app.ofType('AWS::IAM::Role').map(([id]) => id);
    const all = roles.flatMap((id) => allowed(id).map((line) => `${id}: ${line}`));
    expect(all.filter((line) => /s3:(Delete|\*)|s3:Put\*/.test(line))).toEqual([]);
    const ssm = all.filter((line) => line.includes(' ssm:'));
    expect(ssm).toHaveLength(2);
    expect(ssm.every((line) => line.startsWith(idOf('fetch', 'Role')))).toBe(true);
  });

  test('the only resource `*` is what X-Ray and the delivery of logs ask for', () => {
    const roles = app.ofType('AWS::IAM::Role').map(([id]) => id);
    const stars = roles.flatMap(allowed).filter((line) => line.endsWith(' on *'));
    expect(stars.filter((line) => !/^(xray:|logs:)/.test(line))).toEqual([]);
    expect(stars.length).toBeGreaterThan(0);
  });

  test.each(['Runs', 'Audits'])('the state machine of %s reads and writes below runs/ only', (machine) => {
    const role = app.ofType('AWS::IAM::Role').find(([id]) => id.startsWith(`${machine}StateMachineRole`))![0];
    const objects = allowed(role).filter((line) => line.startsWith('s3:'));
    expect(objects.length).toBeGreaterThan(0);
    expect(objects.filter((line) => !line.endsWith(` on <${LAKE}>/runs/*`))).toEqual([]);
  });
});

describe('the state machine', () => {
  test('is the one that the local run synthesises', () => {
    const [, machine] = runsMachine();
    let deployed = text(machine.Properties['DefinitionString']);
    for (const stage of RUN_STAGES) deployed = deployed.replaceAll(`<${idOf(stage, 'Function')}>`, stage);
    deployed = deployed.replaceAll(`<${LAKE}>`, 'lake').replaceAll('<AWS::Partition>', 'aws');
    expect(JSON.parse(deployed)).toEqual(synthesisedDefinition());
  });

  test('of audits lists the series, audits each, reports, and ends failed where something is wrong', async () => {
    const [, machine] = app
      .ofType('AWS::StepFunctions::StateMachine')
      .find(([id]) => id.startsWith('AuditsStateMachine'))!;
    const definition = JSON.parse(
      text(machine.Properties['DefinitionString'])
        .replaceAll(`<${idOf('audit', 'Function')}>`, 'audit')
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
        readers: LAKE_READERS,
        codeHash: 'code 1',
        exchange: {} as ExchangeQuestions,
        reach: createReach('offline'),
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

  test('logs and traces', () => {
    for (const [, { Properties }] of app.ofType('AWS::StepFunctions::StateMachine')) {
      expect(Properties).toMatchObject({
        TracingConfiguration: { Enabled: true },
        // What a state takes and gives stays out of the logs.
        LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
      });
    }
    for (const [, { Properties }] of app.ofType('AWS::Lambda::Function')) {
      expect(Properties['TracingConfig']).toEqual({ Mode: 'Active' });
    }
  });
});

/** The machine that runs, and not the one that starts it. */
function runsMachine(): readonly [string, Resource] {
  return app.ofType('AWS::StepFunctions::StateMachine').find(([id]) => id.startsWith('RunsStateMachine'))!;
}

describe('schedules', () => {
  test('the watch list every quarter of an hour, everything every day, an audit every week, dead letters kept', () => {
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
    const [, starter] = app.ofType('AWS::StepFunctions::StateMachine').find(([id]) => id.startsWith('RefreshStarter'))!;
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

  test('watch this run machine and the metrics that the Lambdas write', () => {
    const alarms = new Map(app.ofType('AWS::CloudWatch::Alarm').map(([id, alarm]) => [id, alarm.Properties]));
    const of = (name: string) => [...alarms].find(([id]) => id.startsWith(`Alarm${name}`))![1];
    expect(of('RunFailed')).toMatchObject({
      MetricName: 'ExecutionsFailed',
      Dimensions: [{ Name: 'StateMachineArn', Value: { Ref: runsMachine()[0] } }],
    });
    const service = String(
      (app.ofType('AWS::Lambda::Function')[0]![1].Properties['Environment'] as { Variables: Record<string, unknown> })
        .Variables['POWERTOOLS_SERVICE_NAME'],
    );
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

test('no environment holds a secret: only the names of the parameters that may', () => {
  for (const [, { Properties }] of app.ofType('AWS::Lambda::Function')) {
    const { Variables } = Properties['Environment'] as { Variables: Record<string, unknown> };
    const suspicious = Object.keys(Variables).filter((name) => /KEY|SECRET|TOKEN|PASSWORD/.test(name));
    expect(suspicious.filter((name) => !name.endsWith('_PARAMETER'))).toEqual([]);
  }
});

describe('a second stage', () => {
  const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/0f0f0f0f-1111-2222-3333-444444444444';
  let dev: DeployedApp;
  beforeAll(() => {
    const alarms = '{"email":"ops@example.org","staleAfterHours":3}';
    const vpc = '{"vpcId":"vpc-0a1b","subnetIds":["subnet-0a1b","subnet-0c2d"]}';
    dev = synthesiseApp({ stage: 'dev', region: 'eu-central-1', alarms, kmsKeyArn: KEY, vpc }, 'candlelake-dev');
  }, SYNTHESIS_MS);
  afterAll(() => dev?.remove());

  test('stands beside the first: what has a name of its own has another', () => {
    const names = (one: DeployedApp) =>
      ['AWS::Athena::WorkGroup', 'AWS::CloudWatch::Dashboard', 'AWS::Glue::Database', 'AWS::S3::Bucket'].flatMap(
        (type) =>
          one.ofType(type).flatMap(([, { Properties }]) => {
            const input = Properties['DatabaseInput'] as { Name: string } | undefined;
            return [Properties['Name'], Properties['DashboardName'], Properties['BucketName'], input?.Name].filter(
              Boolean,
            );
          }),
      );
    expect(names(app)).toEqual(['candlelake', 'candlelake', 'candlelake']);
    expect(names(dev)).toEqual(['candlelake-dev', 'candlelake-dev', 'candlelake_dev']);
  });

  test('may have a key of its own, which those who touch objects may use, and nobody else', () => {
    expect(JSON.stringify(dev.resources[LAKE]!.Properties['BucketEncryption'])).toContain(KEY);
    expect(JSON.stringify(dev.ofType('AWS::Athena::WorkGroup'))).toContain(
      `"EncryptionOption":"SSE_KMS","KmsKey":"${KEY}"`,
    );
    const users = dev
      .ofType('AWS::IAM::Policy')
      .filter(([, { Properties }]) => JSON.stringify(Properties['PolicyDocument']).includes(KEY))
      .map(([id]) => id.replace(/(Role)?DefaultPolicy[0-9A-F]{8}$/, ''));
    expect(users.sort()).toEqual([
      ...['Audit', 'AuditsStateMachine', 'Catalogue', 'Fetch', 'Plan', 'Refine'],
      'RunsStateMachine',
    ]);
  });

  test('may have its functions in the private subnets of a VPC, with HTTPS out and nothing in', () => {
    const [[group, { Properties }]] = dev.ofType('AWS::EC2::SecurityGroup') as unknown as [[string, Resource]];
    expect(Properties).toMatchObject({
      VpcId: 'vpc-0a1b',
      SecurityGroupEgress: [{ CidrIp: '0.0.0.0/0', IpProtocol: 'tcp', FromPort: 443, ToPort: 443 }],
    });
    expect(Properties).not.toHaveProperty('SecurityGroupIngress');
    const functions = dev.ofType('AWS::Lambda::Function');
    expect(functions).toHaveLength(LAMBDA_STAGES.length);
    for (const [, lambda] of functions) {
      expect(lambda.Properties['VpcConfig']).toEqual({
        SubnetIds: ['subnet-0a1b', 'subnet-0c2d'],
        SecurityGroupIds: [{ 'Fn::GetAtt': [group, 'GroupId'] }],
      });
    }
    const interfaces = dev
      .ofType('AWS::IAM::Policy')
      .filter(([, policy]) =>
        JSON.stringify(policy.Properties['PolicyDocument']).includes('ec2:CreateNetworkInterface'),
      );
    expect(interfaces).toHaveLength(LAMBDA_STAGES.length);
    // Without a VPC nobody has such rights.
    expect(JSON.stringify(app.ofType('AWS::IAM::Policy'))).not.toContain('ec2:');
  });

  test('has the same logical ids, and the alarm e-mail', () => {
    const ids = (one: DeployedApp) =>
      Object.keys(one.resources)
        .filter((id) => !/Subscription/.test(id))
        .sort();
    const own = ['AWS::SNS::Subscription', 'AWS::EC2::SecurityGroup'].flatMap((type) =>
      dev.ofType(type).map(([id]) => id),
    );
    expect(ids(dev).filter((id) => !own.includes(id))).toEqual(ids(app));
    expect(dev.ofType('AWS::SNS::Subscription').map(([, { Properties }]) => Properties)).toMatchObject([
      { Protocol: 'email', Endpoint: 'ops@example.org' },
    ]);
  });
});

describe('queries', () => {
  test('cost no more than the limit and leave encrypted results', () => {
    const [[, workgroup]] = app.ofType('AWS::Athena::WorkGroup') as unknown as [[string, Resource]];
    expect(workgroup.Properties).toMatchObject({
      WorkGroupConfiguration: {
        EnforceWorkGroupConfiguration: true,
        BytesScannedCutoffPerQuery: 100_000_000_000,
        ResultConfiguration: { EncryptionConfiguration: { EncryptionOption: 'SSE_S3' } },
      },
    });
  });
});

describe('views and named queries', () => {
  type Input = Record<string, never>;
  const inputs = () => app.ofType('AWS::Glue::Table').map(([, { Properties }]) => Properties['TableInput'] as Input);

  test('a view is there after the deployment as Athena itself would have kept it', () => {
    for (const view of VIEWS) {
      const input = inputs().find((one) => one['Name'] === view.name)!;
      expect(input).toMatchObject({
        TableType: 'VIRTUAL_VIEW',
        Parameters: { presto_view: 'true' },
        ViewExpandedText: '/* Presto View */',
      });
      const text = /^\/\* Presto View: (\S+) \*\/$/.exec(input['ViewOriginalText'])![1]!;
      const definition = JSON.parse(Buffer.from(text, 'base64').toString('utf8'));
      expect(definition).toMatchObject({ originalSql: view.athena, schema: 'candlelake' });
      const columns = input['StorageDescriptor']['Columns'] as { Name: string }[];
      expect(columns.map(({ Name }) => Name)).toEqual(view.columns.map(({ name }) => name));
    }
  });

  test('run_reports has one column, and days that Athena works out where the reports are put', () => {
    const { StorageDescriptor, PartitionKeys, Parameters } = inputs().find((one) => one['Name'] === 'run_reports')!;
    const key = runReportKey('r1', Date.parse('2026-11-20T23:59Z'));
    expect(key).toBe('run_reports/day=2026-11-20/r1.json');
    expect(text(StorageDescriptor!['Location'])).toBe(`s3://<${LAKE}>/${key.split('/')[0]}/`);
    expect(StorageDescriptor).toMatchObject({ Columns: [{ Name: 'line', Type: 'string' }] });
    expect(PartitionKeys).toEqual([{ Name: 'day', Type: 'string' }]);
    expect(Parameters).toMatchObject({
      'projection.enabled': 'true',
      'projection.day.type': 'date',
      'projection.day.format': 'yyyy-MM-dd',
    });
  });

  test('named queries are in the workgroup and ask about the watch list', () => {
    const found = app.ofType('AWS::Athena::NamedQuery').map(([, { Properties }]) => Properties);
    expect(found.map((one) => [one['Name'], one['QueryString'], one['WorkGroup'], one['Database']])).toEqual(
      namedQueries(DEFAULT_WATCH_LIST).map(({ name, sql }) => [name, sql, 'candlelake', 'candlelake']),
    );
    expect(found.some((one) => String(one['QueryString']).includes(`symbol IN ('BTCUSDT')`))).toBe(true);
  });
});

describe('bundles', () => {
  const variables = {
    PATH: process.env['PATH'],
    AWS_REGION: 'us-east-1',
    CANDLELAKE_LAKE: 's3://lake',
    CANDLELAKE_WATCH_LIST: '{"market":"um","symbols":["BTCUSDT"],"interval":"15m","period":"1y"}',
    CANDLELAKE_CODE_HASH: '0'.repeat(64),
    CANDLELAKE_DATABASE: 'candlelake',
    CANDLELAKE_API_KEY_PARAMETER: '/a',
    CANDLELAKE_SECRET_KEY_PARAMETER: '/b',
    CANDLELAKE_BUDGET_USD: '25',
    POWERTOOLS_SERVICE_NAME: 'candlelake',
    POWERTOOLS_METRICS_NAMESPACE: 'Candlelake',
  };

  // Each in a process of its own, in its own folder: nothing of node_modules is in reach.
  test.each([...LAMBDA_STAGES])('%s loads by itself and refuses a bad event by name', (stage) => {
    const program = `require('./index.js').handler({ runId: 7 }, {}).catch((e) => console.log(e.name + ': ' + e.message))`;
    const options = {
      cwd: app.bundle(idOf(stage, 'Function')),
      encoding: 'utf8',
      env: variables,
      stdio: 'pipe',
    } as const;
    expect(execFileSync('node', ['-e', program], options)).toMatch(/^BadInput: event runId: /m);
  });

  test('make a lake together, and its Parquet is what the sources make', async () => {
    const nowMs = Date.parse('2024-05-02T10:00:05Z');
    const exchange = await startExchange({ nowMs });
    const aws = await startStandInAws();
    const functions = createFunctionRunner({
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL: aws.url,
    });
    const environment = {
      ...(variables as Record<string, string>),
      CANDLELAKE_REST_URL: exchange.url,
      CANDLELAKE_ARCHIVE_URL: exchange.url,
    };
    const invoke = async (stage: LambdaStage, event: unknown) => {
      const folder = app.bundle(idOf(stage, 'Function'));
      const answer = await functions.invoke({ name: stage, folder, timeoutSec: 60, environment }, event);
      if (answer.failed) throw new Error(`${stage}: ${answer.payload}`);
      return JSON.parse(answer.payload);
    };
    const itemsAt = (key: string) => JSON.parse(Buffer.from(aws.objects.get(`lake/${key}`)!).toString()) as object[];
    try {
      const request = { symbols: ['BTCUSDT'], interval: '1h', from: '2024-04-20' };
      const planned: PlanResult = await invoke('plan', { runId: 'r1', request });
      for (const key of [planned.archiveKey, planned.restKey]) {
        expect(itemsAt(key).length).toBeGreaterThan(0);
        for (const item of itemsAt(key)) await invoke('fetch', item);
      }
      for (const item of itemsAt(planned.seriesKey)) expect(await invoke('refine', item)).toMatchObject({ done: true });
      expect(await invoke('catalogue', { runId: 'r1' })).toMatchObject({ complete: true });
      expect(aws.partitions.sort()).toEqual(TABLES.map((table) => `${table}/um/BTCUSDT/1h/2024`).sort());

      const lake = temporaryLake();
      for (const [name, bytes] of aws.objects) {
        if (name.startsWith('lake/landing/')) await lake.store.put(name.slice('lake/'.length), bytes);
      }
      const series = { market: 'um', symbol: 'BTCUSDT', interval: '1h' } as const;
      const codeHash = variables.CANDLELAKE_CODE_HASH;
      await refine(
        { runId: 'r1', series },
        { store: lake.store, clock: { nowMs: () => 0 }, codeHash, outOfTime: () => false },
      );
      for (const table of TABLES) {
        const key = tableKey(table, series, '2024');
        expect(Buffer.compare(aws.objects.get(`lake/${key}`)!, (await lake.store.get(key))!)).toBe(0);
      }
      lake.remove();
    } finally {
      functions.close();
      aws.close();
      await exchange.close();
    }
  });

  test('are small: under 2 MB of code each, the Parquet codec apart', () => {
    for (const stage of LAMBDA_STAGES) {
      const folder = app.bundle(idOf(stage, 'Function'));
      const files = readdirSync(folder);
      expect(files).toEqual(
        stage === 'refine' || stage === 'audit' ? ['index.js', 'parquet_wasm_bg.wasm'] : ['index.js'],
      );
      expect(statSync(join(folder, 'index.js')).size).toBeLessThan(2_000_000);
    }
  });

  test('run on the newest Node that the tests run on, on arm64', () => {
    for (const [, { Properties }] of app.ofType('AWS::Lambda::Function')) {
      expect(Properties).toMatchObject({ Runtime: 'nodejs22.x', Architectures: ['arm64'] });
    }
  });
});

const LINT = existsSync('/bin/sh') && !spawnSync('python3', ['-m', 'venv', '--help']).error;

describe(LINT ? 'cfn-lint' : 'cfn-lint (skipped: no python3 with venv here)', () => {
  (LINT ? test : test.skip)(
    'finds nothing in the template',
    () => {
      const { stdout, status } = spawnSync('sh', [join(ROOT, 'scripts/cfn-lint.sh'), app.folder], { encoding: 'utf8' });
      // Where no package registry is in reach, the script says that it skipped, and so does this.
      if (stdout.includes('cfn-lint: skipped')) process.stderr.write(stdout);
      expect({ status, verdict: /cfn-lint: (clean|skipped)/.exec(stdout)?.[1], stdout }).toMatchObject({
        status: 0,
        verdict: expect.stringMatching(/clean|skipped/),
      });
    },
    120_000,
  );
});
