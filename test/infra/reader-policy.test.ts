import { runSimulation } from '@cloud-copilot/iam-simulate';
import { PARQUET_TABLES, VIEWS } from '../../lib/query/views.ts';
import { synthesisedResources, type TemplateResource } from './synthesised-template.ts';

const ACCOUNT = '111122223333';
const REGION = 'ap-northeast-1';
const KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/0f0f0f0f-1111-2222-3333-444444444444`;
const ANALYST = `arn:aws:iam::${ACCOUNT}:role/analyst`;
const BUCKET = 'arn:aws:s3:::lake-bucket';
const glue = (name: string) => `arn:aws:glue:${REGION}:${ACCOUNT}:${name}`;
const workgroup = (name: string) => `arn:aws:athena:${REGION}:${ACCOUNT}:workgroup/${name}`;

/** CloudFormation's functions as they come out in one account; every bucket is the lake's. */
function deployed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(deployed);
  if (typeof value !== 'object' || value === null) return value;
  const [[name, argument]] = Object.entries(value) as [[string, unknown]];
  const pseudo: Record<string, string> = {
    'AWS::Partition': 'aws',
    'AWS::Region': REGION,
    'AWS::AccountId': ACCOUNT,
  };
  if (name === 'Ref') return pseudo[String(argument)] ?? 'lake-bucket';
  if (name === 'Fn::GetAtt') return BUCKET;
  if (name === 'Fn::Join') return (argument as [string, unknown[]])[1].map(deployed).join('');
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, deployed(one)]));
}

const ofType = (resources: Readonly<Record<string, TemplateResource>>, type: string) =>
  Object.values(resources).filter(({ Type }) => Type === type);

const plain = synthesisedResources();
const guarded = synthesisedResources({ kmsKeyArn: KEY, lakeFormation: { readers: [ANALYST] } });

function policyOf(resources: Readonly<Record<string, TemplateResource>>): object {
  const [policy] = ofType(resources, 'AWS::IAM::ManagedPolicy');
  return deployed(policy!.Properties['PolicyDocument']) as object;
}

/** Returns the decision of IAM for a role that has the reader policy and nothing else. */
async function decision(
  policy: object,
  action: string,
  resource: string,
  contextVariables: Record<string, string> = {},
): Promise<string> {
  const simulated = await runSimulation(
    {
      request: { principal: ANALYST, action, resource: { resource, accountId: ACCOUNT }, contextVariables },
      identityPolicies: [{ name: 'reader', policy }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: undefined,
    },
    {},
  );
  if (simulated.resultType === 'error') throw new Error(JSON.stringify(simulated.errors));
  return simulated.overallResult;
}

const list = (prefix: string) => ({ 's3:prefix': prefix });

describe('the policy of readers', () => {
  const policy = policyOf(plain);

  // `context` has a default, because jest passes `done` for a parameter that a row lacks, and then waits for its call.
  test.each<[string, string, Record<string, string>?]>([
    ['athena:StartQueryExecution', workgroup('candlelake')],
    ['athena:GetQueryResults', workgroup('candlelake')],
    ['athena:ListNamedQueries', workgroup('candlelake')],
    ...['candles', 'features', 'labels', 'gaps', 'funding', 'run_reports', 'runs', 'dataset', 'ml_lstm'].map(
      (table): [string, string] => ['glue:GetTable', glue(`table/candlelake/${table}`)],
    ),
    ['glue:GetPartitions', glue('table/candlelake/features')],
    ['glue:GetDatabase', glue('database/candlelake')],
    ['glue:GetDatabase', glue('database/default')],
    ['s3:GetObject', `${BUCKET}/features/market=um/symbol=BTCUSDT/interval=15m/period=2024/features.parquet`],
    ['s3:GetObject', `${BUCKET}/run_reports/day=2026-11-20/r1.json`],
    ['s3:GetObject', `${BUCKET}/athena-results/q.csv`],
    ['s3:PutObject', `${BUCKET}/athena-results/q.csv`],
    ['s3:ListBucket', BUCKET, list('candles/market=um/')],
    ['s3:GetBucketLocation', BUCKET],
  ])('allows %s on %s', async (action, resource, context = {}) => {
    expect(await decision(policy, action, resource, context)).toBe('Allowed');
  });

  test.each<[string, string, Record<string, string>?]>([
    ['athena:StartQueryExecution', workgroup('primary')],
    ['athena:UpdateWorkGroup', workgroup('candlelake')],
    ['athena:DeleteNamedQuery', workgroup('candlelake')],
    ['glue:GetTable', glue('table/others/candles')],
    ['glue:DeleteTable', glue('table/candlelake/candles')],
    ['glue:BatchCreatePartition', glue('table/candlelake/candles')],
    ['s3:GetObject', `${BUCKET}/landing/klines/market=um/symbol=BTCUSDT/interval=15m/a.zip`],
    ['s3:GetObject', `${BUCKET}/checkpoints/a`],
    ['s3:PutObject', `${BUCKET}/candles/a.parquet`],
    ['s3:DeleteObject', `${BUCKET}/athena-results/q.csv`],
    ['s3:ListBucket', BUCKET, list('landing/')],
    ['s3:ListBucket', BUCKET],
    ['s3:GetObject', 'arn:aws:s3:::another/candles/a.parquet'],
  ])('refuses %s on %s', async (action, resource, context = {}) => {
    expect(await decision(policy, action, resource, context)).toBe('ImplicitlyDenied');
  });

  test('names every table and view of the lake', () => {
    const text = JSON.stringify(policy);
    for (const { name } of [...PARQUET_TABLES, ...VIEWS]) expect(text).toContain(`table/candlelake/${name}"`);
    for (const { name } of PARQUET_TABLES) expect(text).toContain(`${BUCKET}/${name}/*`);
  });

  test('is attached to nobody, and may use the key of the lake if there is one', async () => {
    const [{ Properties }] = ofType(plain, 'AWS::IAM::ManagedPolicy') as [TemplateResource];
    for (const attached of ['Roles', 'Users', 'Groups']) expect(Properties).not.toHaveProperty(attached);
    expect(await decision(policy, 'kms:Decrypt', KEY)).toBe('ImplicitlyDenied');
    expect(JSON.stringify(policyOf(guarded))).toContain(KEY);
  });
});

describe('lake formation', () => {
  const grants = (resources: Readonly<Record<string, TemplateResource>>) =>
    ofType(resources, 'AWS::LakeFormation::PrincipalPermissions').map(({ Properties }) => Properties);

  test('gets no grants unless it is asked for', () => {
    expect(grants(plain)).toEqual([]);
  });

  test('lets the catalogue stage write partitions, and readers read', () => {
    const found = grants(guarded).map(({ Principal, Resource, Permissions }) => {
      const { DataLakePrincipalIdentifier: who } = Principal as { DataLakePrincipalIdentifier: unknown };
      return [who, Object.keys(Resource as object), Permissions];
    });
    const writer = { 'Fn::GetAtt': [expect.stringMatching(/^CatalogueRole/), 'Arn'] };
    expect(found).toEqual([
      [writer, ['Database'], ['DESCRIBE']],
      [writer, ['Table'], ['DESCRIBE', 'SELECT', 'INSERT', 'ALTER']],
      [ANALYST, ['Database'], ['DESCRIBE']],
      [ANALYST, ['Table'], ['DESCRIBE', 'SELECT']],
    ]);
  });
});
