import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACCESS, LAMBDA_STAGES, type LambdaStage, REPLACED_LANDING } from '../../lib/infra/access.ts';
import { ROOT } from '../support/lake-process.ts';
import { type Edge, edgesOf, keyEdgesOf, lakeOf, roleOf } from './edges.ts';
import {
  ACCOUNT,
  type Asked,
  type Decision,
  type Policy,
  REGION,
  type SimulatedAccount,
  simulatedAccount,
} from './simulated-account.ts';
import { type SynthesisedStacks, synthesiseStacks } from './synthesised-stacks.ts';

const KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/0f0f0f0f-1111-2222-3333-444444444444`;
const OTHER_ACCOUNT = '999988887777';
const CONTEXTS = {
  default: {},
  'own key': { kmsKeyArn: KEY },
  'adopted bucket': { bucketName: 'older-lake' },
} as const;
type Name = keyof typeof CONTEXTS;

let synthesised: SynthesisedStacks<Name>;
const accounts = {} as Record<Name, SimulatedAccount>;
beforeAll(() => {
  synthesised = synthesiseStacks(CONTEXTS);
  for (const name of Object.keys(CONTEXTS) as Name[]) {
    accounts[name] = simulatedAccount(synthesised.stacks[name].resources, {
      [KEY]: documentedPolicy('A key of your own'),
      'arn:aws:s3:::older-lake': documentedPolicy('Deploy over a bucket that stayed'),
    });
  }
}, 180_000);
afterAll(() => synthesised?.remove());

/** The policy that docs/operations.md shows below the heading, with this account, region and bucket put in. */
function documentedPolicy(heading: string): Policy {
  const text = readFileSync(join(ROOT, 'docs/operations.md'), 'utf8');
  const block = new RegExp(`^### ${heading}$.*?^\`\`\`json$(.*?)^\`\`\`$`, 'ms').exec(text)?.[1];
  if (block === undefined) throw new Error(`docs/operations.md must show a policy as JSON below '${heading}'`);
  const names = { ACCOUNT_ID: ACCOUNT, REGION, 'my-lake': CONTEXTS['adopted bucket'].bucketName };
  return JSON.parse(block.replaceAll(/\b(ACCOUNT_ID|REGION|my-lake)\b/g, (name) => names[name as keyof typeof names]));
}

/** Decides every edge and returns those with another decision than the one wanted, as text. */
async function wrong(
  account: SimulatedAccount,
  edges: readonly Edge[],
  wanted: Decision | 'Denied',
): Promise<string[]> {
  const found: string[] = [];
  for (const { about, asked } of edges) {
    const decision = await account.decide(asked);
    const right = wanted === 'Denied' ? decision !== 'Allowed' : decision === wanted;
    if (!right) found.push(`${about}: ${asked.by} ${asked.action} ${asked.on} is ${decision}`);
  }
  return found;
}

describe.each(Object.keys(CONTEXTS) as Name[])('with %s, a policy simulator', (name) => {
  test('allows every request that the resources of the template make of each other', async () => {
    const edges = edgesOf(accounts[name]);
    // No part of the template may be left out because it was not found.
    const counted = new Map<string, number>();
    for (const { about } of edges) counted.set(about, (counted.get(about) ?? 0) + 1);
    expect(Object.fromEntries(counted)).toMatchObject({
      'alarm to topic': accounts[name].ofType('AWS::CloudWatch::Alarm').length,
      'role to its service': accounts[name].ofType('AWS::IAM::Role').length,
      'schedule to its target': 3,
      'schedule to the queue': 3,
      'function to its log': LAMBDA_STAGES.length,
      ...(name !== 'adopted bucket' && { 'bucket to its log': 1 }),
    });
    expect(counted.get('machine to function')).toBeGreaterThanOrEqual(11);
    expect(await wrong(accounts[name], edges, 'Allowed')).toEqual([]);
  });

  test.each([...LAMBDA_STAGES])('allows %s all that its row of the access table lists', async (stage) => {
    expect(await wrong(accounts[name], accessEdges(accounts[name], stage), 'Allowed')).toEqual([]);
  });

  test.each([...LAMBDA_STAGES])('refuses %s every prefix that is not in its row', async (stage) => {
    const edges = otherPrefixes(accounts[name], stage);
    expect(edges.length).toBeGreaterThan(10);
    expect(await wrong(accounts[name], edges, 'Denied')).toEqual([]);
  });

  test('refuses what nobody may do', async () => {
    expect(await wrong(accounts[name], forbidden(accounts[name]), 'Denied')).toEqual([]);
  });
});

describe('a key of your own', () => {
  test('is on everything of the stack that can be encrypted with it', () => {
    const { ofType } = synthesised.stacks['own key'];
    const fields = [
      ['AWS::Logs::LogGroup', 'KmsKeyId'],
      ['AWS::SNS::Topic', 'KmsMasterKeyId'],
      ['AWS::SQS::Queue', 'KmsMasterKeyId'],
      ['AWS::Lambda::Function', 'KmsKeyArn'],
    ] as const;
    for (const [type, field] of fields) {
      const keys = ofType(type).map(([id, { Properties }]) => [id, Properties[field]]);
      expect(keys.length).toBeGreaterThan(0);
      expect(keys.filter(([, key]) => key !== KEY)).toEqual([]);
      // Without the setting there is no key, so that AWS's own is used.
      for (const [, { Properties }] of synthesised.stacks.default.ofType(type))
        expect(Properties).not.toHaveProperty(field);
    }
  });

  test('may be used by those who need it, if its policy is the documented one', async () => {
    const edges = keyEdgesOf(accounts['own key'], KEY);
    expect(new Set(edges.map(({ about }) => about))).toEqual(
      new Set([
        'alarm to the key of the topic',
        'log to its key',
        'schedule to the key of the queue',
        'role to the key',
      ]),
    );
    expect(await wrong(accounts['own key'], edges, 'Allowed')).toEqual([]);
  });

  test('is refused to alarms and logs by the default policy of a key; the documented statements help', async () => {
    const [root] = documentedPolicy('A key of your own').Statement;
    const plain = simulatedAccount(synthesised.stacks['own key'].resources, { [KEY]: { Statement: [root] } });
    const services = keyEdgesOf(plain, KEY).filter(({ asked }) => asked.by.endsWith('.amazonaws.com'));
    expect(services.length).toBeGreaterThan(0);
    expect(await wrong(plain, services, 'Denied')).toEqual([]);
  });

  test('is refused to roles that touch no encrypted thing, and to logs of other accounts', async () => {
    const account = accounts['own key'];
    const theirs = `arn:aws:logs:${REGION}:${OTHER_ACCOUNT}:log-group:x`;
    const asked: Asked[] = [
      { by: roleOf(account, 'RefreshStarterStateMachine'), action: 'kms:Decrypt', on: KEY },
      { by: 'events.amazonaws.com', action: 'kms:Decrypt', on: KEY },
      { by: roleOf(account, 'Fetch'), action: 'kms:ScheduleKeyDeletion', on: KEY },
      {
        by: `logs.${REGION}.amazonaws.com`,
        action: 'kms:Decrypt',
        on: KEY,
        context: { 'kms:EncryptionContext:aws:logs:arn': theirs },
      },
    ];
    expect(
      await wrong(
        account,
        asked.map((one) => ({ about: 'key', asked: one })),
        'Denied',
      ),
    ).toEqual([]);
  });
});

/** A request for each prefix of a stage's row. */
function accessEdges(account: SimulatedAccount, stage: LambdaStage): Edge[] {
  const by = roleOf(account, stage);
  const lake = lakeOf(account);
  const { list, read, write, create } = ACCESS[stage];
  const edge = (about: string, action: string, key: string, context = {}): Edge => ({
    about,
    asked: { by, action, on: `${lake}/${key}`, context },
  });
  return [
    ...[...list, ...read].map((prefix) => ({
      about: 'list',
      asked: { by, action: 's3:ListBucket', on: lake, context: { 's3:prefix': `${prefix}market=um/` } },
    })),
    ...read.map((prefix) => edge('read', 's3:GetObject', `${prefix}a/b.json`)),
    ...write.map((prefix) => edge('write', 's3:PutObject', `${prefix}a/b.json`)),
    ...create.map((prefix) => edge('create', 's3:PutObject', `${prefix}a/b.zip`, { 's3:if-none-match': '*' })),
    ...create.flatMap((prefix) =>
      REPLACED_LANDING.map((end) => edge('replace', 's3:PutObject', `${prefix}a/${'0'.repeat(64)}${end}`)),
    ),
  ];
}

/** Every prefix that any stage has. */
const PREFIXES = [
  ...new Set(Object.values(ACCESS).flatMap(({ list, read, write, create }) => [...list, ...read, ...write, ...create])),
  'athena-results/',
  'models/',
];

/** A request for each prefix that a stage may not touch, and for each landed object that it may not replace. */
function otherPrefixes(account: SimulatedAccount, stage: LambdaStage): Edge[] {
  const by = roleOf(account, stage);
  const lake = lakeOf(account);
  const { list, read, write, create } = ACCESS[stage];
  const outside = (allowed: readonly string[]) =>
    PREFIXES.map((prefix) => `${prefix}a/b.json`).filter((key) => !allowed.some((prefix) => key.startsWith(prefix)));
  const landed = create.map((prefix) => `${prefix}a/${'0'.repeat(64)}.zip`);
  return [
    ...outside(read).map((key) => ({ about: 'read', asked: { by, action: 's3:GetObject', on: `${lake}/${key}` } })),
    ...[...outside(write), ...landed].map((key) => ({
      about: 'write',
      asked: { by, action: 's3:PutObject', on: `${lake}/${key}` },
    })),
    ...outside([...write, ...create]).map((key) => ({
      about: 'create',
      asked: { by, action: 's3:PutObject', on: `${lake}/${key}`, context: { 's3:if-none-match': '*' } },
    })),
    ...[...outside([...list, ...read]), '', 'landin', undefined].map((prefix) => ({
      about: 'list',
      asked: { by, action: 's3:ListBucket', on: lake, context: prefix === undefined ? {} : { 's3:prefix': prefix } },
    })),
  ];
}

/** Requests that must fail for every caller. */
function forbidden(account: SimulatedAccount): Edge[] {
  const lake = lakeOf(account);
  const topic = account.arn(account.ofType('AWS::SNS::Topic')[0]![0]);
  const alarm = account.arn(account.ofType('AWS::CloudWatch::Alarm')[0]![0]);
  const ours = { 'aws:SourceAccount': ACCOUNT, 'aws:SourceArn': alarm };
  const publish = { by: 'cloudwatch.amazonaws.com', action: 'sns:Publish', on: topic };
  const runs = account.arn(
    account.ofType('AWS::StepFunctions::StateMachine').find(([id]) => id.startsWith('Runs'))![0],
  );
  const parameter = `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/candlelake/binance/api-key`;
  const asked: Asked[] = [
    { ...publish, context: { ...ours, 'aws:SecureTransport': 'false' } },
    { ...publish, context: { ...ours, 'aws:SourceAccount': OTHER_ACCOUNT } },
    { ...publish, context: { ...ours, 'aws:SourceArn': alarm.replace(ACCOUNT, OTHER_ACCOUNT) } },
    { ...publish, by: 'events.amazonaws.com', context: ours },
    ...account
      .ofType('AWS::IAM::Role')
      .flatMap(([by]): Asked[] => [
        { by, action: 's3:DeleteObject', on: `${lake}/landing/x` },
        { by, action: 's3:DeleteObjectVersion', on: `${lake}/landing/x` },
        { by, action: 's3:PutBucketPolicy', on: lake },
        { by, action: 's3:GetObject', on: 'arn:aws:s3:::another-bucket/landing/x' },
        { by, action: 'iam:PassRole', on: account.arn(by) },
        ...(by === roleOf(account, 'Fetch') ? [] : [{ by, action: 'ssm:GetParameters', on: parameter }]),
        ...(by === roleOf(account, 'RefreshStarterStateMachine') || by === roleOf(account, 'RunsStateMachine')
          ? []
          : [{ by, action: 'states:StartExecution', on: runs }]),
      ]),
    { by: roleOf(account, 'Fetch'), action: 'ssm:GetParameters', on: `${parameter}-of-another` },
    { by: roleOf(account, 'RunsStateMachine'), action: 's3:PutObject', on: `${lake}/candles/x` },
    {
      by: roleOf(account, 'Fetch'),
      action: 's3:GetObject',
      on: `${lake}/landing/x`,
      context: { 'aws:SecureTransport': 'false' },
    },
    ...account.ofType('AWS::S3::Bucket').flatMap(([id]) =>
      [{ 'aws:SecureTransport': 'false' }, { 's3:TlsVersion': '1.1' }].map((context) => ({
        by: roleOf(account, 'Fetch'),
        action: 's3:GetObject',
        on: `${account.arn(id)}/landing/x`,
        context,
      })),
    ),
  ];
  return asked.map((one) => ({ about: 'forbidden', asked: one }));
}
