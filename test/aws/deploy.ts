import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateDatabaseCommand, CreateTableCommand, GlueClient, type TableInput } from '@aws-sdk/client-glue';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { ROOT } from '../support/lake-process.ts';
import { ACCOUNT, authorizationFor, CREDENTIALS, type Emulator, REGION } from './emulator.ts';

export interface Deployment {
  readonly bucket: string;
  readonly database: string;
  readonly stateMachineArn: string;
  readonly alarmTopicArn: string;
  readonly s3: S3Client;
  readonly glue: GlueClient;
  readonly ssm: SSMClient;
}

interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly Metadata?: Record<string, string>;
}

const STACK = 'candlelake';

/** Deploys the app as a user does, by the CDK command line. Then it makes by hand what moto leaves out of a stack. */
export async function deploy(
  emulator: Emulator,
  folder: string,
  context: Readonly<Record<string, unknown>>,
): Promise<Deployment> {
  const options = {
    endpoint: emulator.url,
    region: REGION,
    credentials: { accessKeyId: 'emulated', secretAccessKey: 'emulated' },
  };
  const s3 = new S3Client({ ...options, forcePathStyle: true });
  const glue = new GlueClient(options);
  const ssm = new SSMClient(options);

  // What `cdk bootstrap` would make; itself it synthesises the app again, without bundles.
  await s3.send(
    new CreateBucketCommand({
      Bucket: `cdk-hnb659fds-assets-${ACCOUNT}-${REGION}`,
      CreateBucketConfiguration: { LocationConstraint: REGION },
    }),
  );
  const version = { Name: '/cdk-bootstrap/hnb659fds/version', Type: 'String', Value: '30' } as const;
  await ssm.send(new PutParameterCommand(version));

  const outputs = join(folder, 'outputs.json');
  await cdkDeploy(emulator, [
    ...[
      'deploy',
      '--require-approval',
      'never',
      '--method',
      'direct',
      '--output',
      join(folder, 'assembly'),
      '--outputs-file',
      outputs,
    ],
    ...Object.entries(context).flatMap(([name, value]) => ['--context', `${name}=${JSON.stringify(value)}`]),
  ]);
  const named = JSON.parse(readFileSync(outputs, 'utf8'))[STACK] as Record<string, string>;
  const bucket = named['LakeUrl']!.replace('s3://', '');
  const template = JSON.parse(readFileSync(join(folder, 'assembly', `${STACK}.template.json`), 'utf8'));
  const resources = template.Resources as Record<string, Resource>;

  await createTables(glue, resources, bucket);
  await findFunctions(emulator, resources, join(folder, 'assembly'));
  const stateMachineArn = await executeStates(emulator, named['StateMachineArn']!);
  const alarmTopicArn = named['AlarmTopicArn']!;
  return { bucket, database: named['DatabaseName']!, stateMachineArn, alarmTopicArn, s3, glue, ssm };
}

/** By `localhost`, whose subdomains resolve too: the command line names buckets by host. */
function cdkDeploy(emulator: Emulator, args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [join(ROOT, 'node_modules/aws-cdk/bin/cdk'), ...args], {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      ...CREDENTIALS,
      AWS_ENDPOINT_URL: `http://localhost:${emulator.port}`,
      CI: 'true',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => printed.push(part));
  child.stderr.on('data', (part: Buffer) => printed.push(part));
  // The CDK repeats a request that moto answers with 500, and then only reports `Stack candlelake already exists`. The
  // cause is in the output of moto.
  const output = () => `${Buffer.concat(printed)}\nmoto: ${emulator.log().slice(-2000)}`;
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`cdk ${args[0]} ended with ${code}: ${output()}`));
    });
  });
}

/** moto says CREATE_COMPLETE for Glue's resources and makes none; here they are, from the template's own words. */
async function createTables(glue: GlueClient, resources: Record<string, Resource>, bucket: string): Promise<void> {
  const ofType = (type: string) => Object.values(resources).filter(({ Type }) => Type === type);
  for (const { Properties } of ofType('AWS::Glue::Database')) {
    const { Name } = Properties['DatabaseInput'] as { Name: string };
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name } }));
  }
  for (const { Properties } of ofType('AWS::Glue::Table')) {
    const input = Properties['TableInput'] as TableInput & { StorageDescriptor: { SerdeInfo: object } };
    const Location = `s3://${bucket}/${input.Name}/`;
    await glue.send(
      new CreateTableCommand({
        DatabaseName: Properties['DatabaseName'] as string,
        TableInput: { ...input, StorageDescriptor: { ...input.StorageDescriptor, Location } },
      }),
    );
  }
}

interface ListedFunction {
  readonly FunctionName: string;
  readonly Description: string;
  readonly Timeout: number;
  readonly Environment: { readonly Variables: Record<string, string> };
}

/** The functions as deployed, with the environment that the stack gave them, and the folders of their bundles. */
async function findFunctions(emulator: Emulator, resources: Record<string, Resource>, assembly: string) {
  const answer = await fetch(`${emulator.url}/2015-03-31/functions/`, {
    headers: {
      authorization: authorizationFor('lambda'),
    },
  });
  const { Functions } = (await answer.json()) as { Functions: ListedFunction[] };
  for (const { FunctionName: name, Description, Timeout: timeoutSec, Environment } of Functions) {
    const source = Object.values(resources).find(
      ({ Type, Properties }) => Type === 'AWS::Lambda::Function' && Properties['Description'] === Description,
    )!;
    const folder = join(assembly, source.Metadata!['aws:asset:path']!);
    emulator.deployed.set(name, { name, folder, timeoutSec, environment: Environment.Variables });
  }
}

/** Moves the machine as it was deployed to another backend of moto, because moto executes only there. */
async function executeStates(emulator: Emulator, stateMachineArn: string): Promise<string> {
  const { name, definition, roleArn } = await emulator.call<Record<string, string>>(
    'states',
    'AWSStepFunctions.DescribeStateMachine',
    { stateMachineArn },
  );
  await fetch(`${emulator.url}/moto-api/config`, {
    method: 'POST',
    body: JSON.stringify({ stepfunctions: { execute_state_machine: true } }),
  });
  const made = await emulator.call<{ stateMachineArn: string }>('states', 'AWSStepFunctions.CreateStateMachine', {
    name,
    definition,
    roleArn,
  });
  return made.stateMachineArn;
}
