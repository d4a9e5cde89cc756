import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONFIG_KEYS, LOG_RETENTION_DAYS } from '../../lib/infra/config.ts';
import { ROOT } from '../support/lake-process.ts';
import { LAKE, text } from './deployed/template.ts';
import { type SynthesisedStacks, synthesiseStacks } from './synthesised-stacks.ts';

const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/0f0f0f0f-1111-2222-3333-444444444444';
const SUBNETS = { vpcId: 'vpc-0a1b2c3d', subnetIds: ['subnet-0a1b2c3d', 'subnet-0c2d3e4f'] };

/** Together they set every setting to something that is not its default. */
const CONTEXTS = {
  'dev in a vpc': {
    stage: 'dev',
    region: 'eu-central-1',
    alarms: { email: 'ops@example.org', staleAfterMinutes: { watchList: 90 } },
    vpc: SUBNETS,
    watchList: { market: 'cm', symbols: ['BTCUSD_PERP'], interval: '1h', period: '30d' },
    tags: { owner: 'research', stage: 'try-out' },
  },
  'own key': {
    lakeName: 'a-name-of-forty-characters-which-is-most',
    kmsKeyArn: KEY,
    vpc: { ...SUBNETS, securityGroupIds: ['sg-0a1b2c3d'] },
    retentionDays: { logs: LOG_RETENTION_DAYS.at(-1), queryResults: 1, replacedVersions: 1 },
    concurrency: { archive: 1, rest: 1, refine: 1, audit: 1 },
    apiKeyParameters: { key: '/mine/key', secret: '/mine/secret' },
  },
  'adopted bucket': {
    bucketName: 'older-lake',
    kmsKeyArn: KEY,
    terminationProtection: true,
    archiveOnly: true,
    lakeFormation: { readers: ['arn:aws:iam::111122223333:role/analyst'] },
    budgetUsd: 1,
    athenaScanLimitBytes: 10_000_000,
    exchange: { restUrl: 'https://rest.example.org', archiveUrl: 'https://archive.example.org' },
    schedules: {
      watchList: { expression: 'rate(1 hour)', enabled: false, request: {} },
      everything: { expression: 'rate(1 day)', enabled: false, request: {} },
    },
  },
} as const;

let synthesised: SynthesisedStacks<keyof typeof CONTEXTS>;
beforeAll(() => {
  synthesised = synthesiseStacks(CONTEXTS);
}, 300_000);
afterAll(() => synthesised?.remove());

test('the contexts of this file set every setting', () => {
  const set = new Set(Object.values(CONTEXTS).flatMap((context) => Object.keys(context)));
  expect([...set].sort()).toEqual([...CONFIG_KEYS].sort());
});

const LINT = existsSync('/bin/sh') && !spawnSync('python3', ['-m', 'venv', '--help']).error;
(LINT ? test : test.skip)(
  LINT ? 'cfn-lint finds nothing in stacks with other settings' : 'cfn-lint (skipped: no python3 with venv here)',
  () => {
    const script = join(ROOT, 'scripts/cfn-lint.sh');
    const { stdout, status } = spawnSync('sh', [script, synthesised.templates], { encoding: 'utf8' });
    if (stdout.includes('cfn-lint: skipped')) process.stderr.write(stdout);
    expect({ status, stdout: stdout.replace(/.*cfn-lint: (clean|skipped)/s, '$1') }).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^(clean|skipped)/),
    });
  },
  180_000,
);

describe('tags', () => {
  test('are on every resource that can have them: application, stage, and those of the setting', () => {
    const { ofType } = synthesised.stacks['dev in a vpc'];
    const tagged = ['AWS::S3::Bucket', 'AWS::Lambda::Function', 'AWS::IAM::Role', 'AWS::SNS::Topic', 'AWS::SQS::Queue'];
    for (const [id, { Properties }] of [...tagged, 'AWS::StepFunctions::StateMachine'].flatMap(ofType)) {
      const tags = (Properties['Tags'] as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value]);
      expect([id, Object.fromEntries(tags)]).toEqual([
        id,
        { application: 'candlelake', owner: 'research', stage: 'try-out' },
      ]);
    }
  });

  test('name the production stage, which has no name of its own', () => {
    const [[, topic] = []] = synthesised.stacks['own key'].ofType('AWS::SNS::Topic');
    expect(topic!.Properties['Tags']).toEqual([
      { Key: 'application', Value: CONTEXTS['own key'].lakeName },
      { Key: 'stage', Value: 'production' },
    ]);
  });
});

test('a setting that is not allowed ends the synthesis with one line and exit code 2', () => {
  const context = { retentionDays: '{"logs":45,"queryResults":1,"replacedVersions":1}' };
  const { status, stderr } = spawnSync('node', ['--import', 'tsx', 'bin/app.ts'], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, CDK_CONTEXT_JSON: JSON.stringify(context) },
  });
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: expect.stringMatching(/^context retentionDays\.logs: .*1\|3\|5\|.*\|3653, got [^\n]*45[^\n]*\n$/),
  });
});

test('a stack is protected against deletion if the setting says so', () => {
  expect(synthesised.stacks['adopted bucket'].terminationProtection).toBe(true);
  expect(synthesised.stacks['own key'].terminationProtection).toBe(false);
});

describe('an adopted bucket', () => {
  test('is not in the template, and everything uses it', () => {
    const { ofType, resources } = synthesised.stacks['adopted bucket'];
    expect(['AWS::S3::Bucket', 'AWS::S3::BucketPolicy'].flatMap(ofType)).toEqual([]);
    expect(JSON.stringify(resources)).not.toContain(LAKE);
    for (const [, { Properties }] of ofType('AWS::Lambda::Function')) {
      expect(Properties['Environment']).toMatchObject({ Variables: { CANDLELAKE_LAKE: 's3://older-lake' } });
    }
    const locations = ofType('AWS::Glue::Table').map(([, { Properties }]) => {
      const { StorageDescriptor } = Properties['TableInput'] as { StorageDescriptor: { Location: unknown } };
      return text(StorageDescriptor.Location);
    });
    expect(locations.filter((location) => location !== '' && !location.startsWith('s3://older-lake/'))).toEqual([]);
    const [[, machine] = []] = ofType('AWS::StepFunctions::StateMachine');
    expect(text(machine!.Properties['DefinitionString'])).toContain('"Bucket":"older-lake"');
  });
});

test('docs/operations.md has Athena add the partitions of every table that has any', () => {
  const text = readFileSync(join(ROOT, 'docs/operations.md'), 'utf8');
  const inputs = synthesised.stacks['own key'].ofType('AWS::Glue::Table').map(([, { Properties }]) => {
    return Properties['TableInput'] as { readonly Name: string; readonly PartitionKeys: readonly unknown[] };
  });
  // Athena works out the partitions of the reports by itself.
  const names = inputs.filter(({ Name, PartitionKeys }) => PartitionKeys.length > 0 && Name !== 'run_reports');
  expect(/^for table in (.*); do$/m.exec(text)![1]!.split(' ').sort()).toEqual(names.map(({ Name }) => Name).sort());
});
