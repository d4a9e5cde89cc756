import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CANDLES_SCHEMA } from '../../lib/domain/table-schema.ts';
import { DEFAULT_WATCH_LIST } from '../../lib/domain/watch-list.ts';
import { FEATURES_SCHEMA } from '../../lib/features/schema.ts';
import { ACCESS, LAMBDA_STAGES, type LambdaStage } from '../../lib/infra/access.ts';
import { LABELS_SCHEMA } from '../../lib/labels/schema.ts';
import { namedQueries } from '../../lib/query/named-queries.ts';
import { VIEWS } from '../../lib/query/views.ts';
import { type DeployedApp, type Resource, synthesiseApp } from './deployed-app.ts';
import { ROOT, synthesisedDefinition } from './synthesised-definition.ts';

// Once for all tests of this file, bundles and cdk-nag included: synthesis fails on a finding that nobody has explained.
let app: DeployedApp;
beforeAll(() => {
  app = synthesiseApp();
});
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
      'SqlTablelabels233DF522',
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

  test('the state machine reads and writes below runs/ only', () => {
    const role = app.ofType('AWS::IAM::Role').find(([id]) => id.startsWith('RunsStateMachineRole'))![0];
    const objects = allowed(role).filter((line) => line.startsWith('s3:'));
    expect(objects.length).toBeGreaterThan(0);
    expect(objects.filter((line) => !line.endsWith(` on <${LAKE}>/runs/*`))).toEqual([]);
  });
});

describe('the state machine', () => {
  test('is the one that the local run synthesises', () => {
    const [[, machine]] = app.ofType('AWS::StepFunctions::StateMachine') as unknown as [[string, Resource]];
    let deployed = text(machine.Properties['DefinitionString']);
    for (const stage of LAMBDA_STAGES) deployed = deployed.replaceAll(`<${idOf(stage, 'Function')}>`, stage);
    deployed = deployed.replaceAll(`<${LAKE}>`, 'lake').replaceAll('<AWS::Partition>', 'aws');
    expect(JSON.parse(deployed)).toEqual(synthesisedDefinition());
  });

  test('logs and traces, and its failures ring a bell', () => {
    const [[id, machine]] = app.ofType('AWS::StepFunctions::StateMachine') as unknown as [[string, Resource]];
    expect(machine.Properties).toMatchObject({
      StateMachineType: 'STANDARD',
      TracingConfiguration: { Enabled: true },
      LoggingConfiguration: { Level: 'ALL' },
    });
    const [[, alarm]] = app.ofType('AWS::CloudWatch::Alarm') as unknown as [[string, Resource]];
    expect(alarm.Properties).toMatchObject({
      MetricName: 'ExecutionsFailed',
      Dimensions: [{ Name: 'StateMachineArn', Value: { Ref: id } }],
      AlarmActions: [{ Ref: expect.stringMatching(/^AlarmTopic/) }],
    });
  });

  test('is started every day with the input {}', () => {
    const [[, schedule]] = app.ofType('AWS::Scheduler::Schedule') as unknown as [[string, Resource]];
    expect(schedule.Properties).toMatchObject({
      State: 'ENABLED',
      ScheduleExpression: 'cron(30 9 * * ? *)',
      ScheduleExpressionTimezone: 'Etc/UTC',
      Target: { Input: '{}' },
    });
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

  test('run_reports has one column, over runs/', () => {
    const { StorageDescriptor } = inputs().find((one) => one['Name'] === 'run_reports')!;
    expect(text(StorageDescriptor!['Location'])).toBe(`s3://<${LAKE}>/runs/`);
    expect(StorageDescriptor).toMatchObject({ Columns: [{ Name: 'line', Type: 'string' }] });
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
    expect(execFileSync('node', ['-e', program], options)).toMatch(/^BadInput: event runId: /);
  });

  test('are small: under 2 MB of code each, the Parquet codec apart', () => {
    for (const stage of LAMBDA_STAGES) {
      const folder = app.bundle(idOf(stage, 'Function'));
      const files = readdirSync(folder);
      expect(files).toEqual(stage === 'refine' ? ['index.js', 'parquet_wasm_bg.wasm'] : ['index.js']);
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
