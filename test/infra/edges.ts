import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LambdaStage } from '../../lib/infra/access.ts';
import { ROOT } from '../support/lake-process.ts';
import { ACCOUNT, type Asked, REGION, type SimulatedAccount } from './simulated-account.ts';

/** A request that one resource of the template makes of another. */
export interface Edge {
  readonly about: string;
  readonly asked: Asked;
}

/** Logical id of the role whose id begins so: a stage's, or that of a state machine. */
export function roleOf(account: SimulatedAccount, owner: LambdaStage | string): string {
  const begin = `${owner[0]!.toUpperCase()}${owner.slice(1)}Role`;
  return account.ofType('AWS::IAM::Role').find(([id]) => id.startsWith(begin))![0];
}

/** ARN of the lake's bucket, which may be one that the template does not contain. */
export function lakeOf(account: SimulatedAccount): string {
  const [, { Properties }] = account.ofType('AWS::Lambda::Function')[0]!;
  const { Variables } = Properties['Environment'] as { Variables: Record<string, string> };
  return `arn:aws:s3:::${Variables['CANDLELAKE_LAKE']!.replace('s3://', '')}`;
}

const SERVICES: Readonly<Record<string, string>> = {
  'AWS::Lambda::Function': 'lambda.amazonaws.com',
  'AWS::StepFunctions::StateMachine': 'states.amazonaws.com',
  'AWS::Scheduler::Schedule': 'scheduler.amazonaws.com',
};

/** Every request that the resources of the template make of each other. */
export function edgesOf(account: SimulatedAccount): Edge[] {
  return [
    ...alarmEdges(account),
    ...logEdges(account),
    ...scheduleEdges(account),
    ...account.ofType('AWS::StepFunctions::StateMachine').flatMap((machine) => machineEdges(account, machine)),
    ...trustEdges(account),
    ...fetchAndCatalogueEdges(account),
  ];
}

/** Alarms notify the topic, as the context of an alarm's request says. */
function alarmEdges(account: SimulatedAccount): Edge[] {
  return account.ofType('AWS::CloudWatch::Alarm').flatMap(([id, { Properties }]) =>
    ['AlarmActions', 'OKActions', 'InsufficientDataActions'].flatMap((field) =>
      ((Properties[field] ?? []) as string[]).map((topic) => ({
        about: field === 'AlarmActions' ? 'alarm to topic' : 'end of an alarm to topic',
        asked: {
          by: 'cloudwatch.amazonaws.com',
          action: 'sns:Publish',
          on: topic,
          context: { 'aws:SourceAccount': ACCOUNT, 'aws:SourceArn': account.arn(id) },
        },
      })),
    ),
  );
}

function logEdges(account: SimulatedAccount): Edge[] {
  const buckets = account.ofType('AWS::S3::Bucket').flatMap(([id, { Properties }]) => {
    const logging = Properties['LoggingConfiguration'] as
      | { readonly DestinationBucketName: string; readonly LogFilePrefix: string }
      | undefined;
    if (!logging) return [];
    const on = `arn:aws:s3:::${logging.DestinationBucketName}/${logging.LogFilePrefix}2026-12-01-10-00-00-0A1B`;
    const context = { 'aws:SourceArn': account.arn(id), 'aws:SourceAccount': ACCOUNT };
    return [
      { about: 'bucket to its log', asked: { by: 'logging.s3.amazonaws.com', action: 's3:PutObject', on, context } },
    ];
  });
  const functions = account.ofType('AWS::Lambda::Function').flatMap(([, { Properties }]) => {
    const { LogGroup } = Properties['LoggingConfig'] as { LogGroup: string };
    const on = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${LogGroup}:log-stream:x`;
    const by = account.ofType('AWS::IAM::Role').find(([id]) => account.arn(id) === Properties['Role'])![0];
    return [{ about: 'function to its log', asked: { by, action: 'logs:PutLogEvents', on } }];
  });
  return [...buckets, ...functions];
}

function scheduleEdges(account: SimulatedAccount): Edge[] {
  return account.ofType('AWS::Scheduler::Schedule').flatMap(([, { Properties }]) => {
    const { Arn, RoleArn, DeadLetterConfig } = Properties['Target'] as {
      readonly Arn: string;
      readonly RoleArn: string;
      readonly DeadLetterConfig: { readonly Arn: string };
    };
    const by = account.ofType('AWS::IAM::Role').find(([id]) => account.arn(id) === RoleArn)![0];
    return [
      { about: 'schedule to its target', asked: { by, action: 'states:StartExecution', on: Arn } },
      { about: 'schedule to the queue', asked: { by, action: 'sqs:SendMessage', on: DeadLetterConfig.Arn } },
    ];
  });
}

interface State {
  readonly Type: string;
  readonly Resource?: string;
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly ItemProcessor?: { readonly States: Readonly<Record<string, State>> };
}

/** Returns the calls of a machine's states, from its definition: functions, objects of runs, executions. */
function machineEdges(
  account: SimulatedAccount,
  [id, { Properties }]: ReturnType<SimulatedAccount['ofType']>[0],
): Edge[] {
  const by = roleOf(account, id.slice(0, id.indexOf('StateMachine') + 'StateMachine'.length));
  const self = account.arn(id);
  const lake = lakeOf(account);
  const edges: Edge[] = [];
  const add = (about: string, action: string, on: string) => edges.push({ about, asked: { by, action, on } });
  const visit = (states: Readonly<Record<string, State>>) => {
    for (const { Type, Resource = '', Parameters = {}, ItemProcessor } of Object.values(states)) {
      if (Type === 'Map') {
        visit(ItemProcessor!.States);
        add('map to its items', 's3:GetObject', `${lake}/runs/r1/items.json`);
        add('map to its results', 's3:PutObject', `${lake}/runs/r1/maps/x/manifest.json`);
        add('map to its children', 'states:StartExecution', self);
      } else if (Resource.endsWith(':lambda:invoke')) {
        const version = Parameters['FunctionName'] as string;
        add('machine to function', 'lambda:InvokeFunction', version);
        // An execution that began before a deployment continues with an older version.
        add('machine to older function', 'lambda:InvokeFunction', version.replace(/:\d+$/, ':7'));
      } else if (Resource.endsWith(':aws-sdk:s3:putObject')) {
        add('machine to failure', 's3:PutObject', `${lake}/runs/r1/failures/x.json`);
      } else if (Resource.endsWith(':states:startExecution')) {
        add('starter to runs', 'states:StartExecution', Parameters['StateMachineArn'] as string);
      } else if (Type === 'Task') {
        throw new Error(`an edge must be known for ${Resource}`);
      }
    }
  };
  visit(JSON.parse(Properties['DefinitionString'] as string).States);
  add('machine to the delivery of logs', 'logs:CreateLogDelivery', '*');
  add('machine to traces', 'xray:PutTraceSegments', '*');
  return edges;
}

/** Each role may be taken by the service that needs it. */
function trustEdges(account: SimulatedAccount): Edge[] {
  return account.ofType('AWS::IAM::Role').map(([id]) => {
    const on = account.arn(id);
    const user = Object.entries(account.resources).find(
      ([, { Type, Properties }]) => Type in SERVICES && JSON.stringify(Properties).includes(JSON.stringify(on)),
    );
    if (!user) throw new Error(`role ${id} must be used by a function, a machine or a schedule`);
    const context = { 'aws:SourceAccount': ACCOUNT, 'aws:SourceArn': sourceOf(account, user) };
    return {
      about: 'role to its service',
      asked: { by: SERVICES[user[1].Type]!, action: 'sts:AssumeRole', on, context },
    };
  });
}

/** Returns the source that a service names in its request: of a schedule, its group. */
function sourceOf(account: SimulatedAccount, [id, { Type }]: ReturnType<SimulatedAccount['ofType']>[0]): string {
  if (Type !== 'AWS::Scheduler::Schedule') return account.arn(id);
  return `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule-group/default`;
}

/** Every action of Glue that the adapters call, by the names of their commands. */
function glueActions(): string[] {
  const folder = join(ROOT, 'lib/adapters/aws');
  return readdirSync(folder)
    .filter((file) => file.startsWith('glue-'))
    .flatMap((file) => [...readFileSync(join(folder, file), 'utf8').matchAll(/new (\w+)Command\(/g)])
    .map(([, command]) => `glue:${command}`);
}

function fetchAndCatalogueEdges(account: SimulatedAccount): Edge[] {
  const ssm = ['api-key', 'secret-key'].map((name) => ({
    about: 'fetch to the key of the exchange',
    asked: {
      by: roleOf(account, 'fetch'),
      action: 'ssm:GetParameters',
      on: `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/candlelake/binance/${name}`,
    },
  }));
  const tables = account
    .ofType('AWS::Glue::Table')
    .map(
      ([, { Properties }]) => Properties['TableInput'] as { readonly Name: string; readonly PartitionKeys: object[] },
    )
    .filter(({ Name, PartitionKeys }) => PartitionKeys.length > 0 && Name !== 'run_reports');
  const glue = tables.flatMap(({ Name }) =>
    glueActions().map((action) => ({
      about: 'catalogue to table',
      asked: {
        by: roleOf(account, 'catalogue'),
        action,
        on: `arn:aws:glue:${REGION}:${ACCOUNT}:table/candlelake/${Name}`,
      },
    })),
  );
  return [...ssm, ...glue];
}

/** Every use of the stack's own key. */
export function keyEdgesOf(account: SimulatedAccount, key: string): Edge[] {
  const use = (about: string, by: string, context = {}) =>
    ['kms:Decrypt', 'kms:GenerateDataKey'].map((action) => ({ about, asked: { by, action, on: key, context } }));
  const schedulers = account.ofType('AWS::IAM::Role').filter(([id]) => id.startsWith('SchedulerRole'));
  const users = ['Plan', 'Fetch', 'Refine', 'Catalogue', 'Audit', 'RunsStateMachine', 'AuditsStateMachine'];
  return [
    ...use('alarm to the key of the topic', 'cloudwatch.amazonaws.com', { 'aws:SourceAccount': ACCOUNT }),
    ...account.ofType('AWS::Logs::LogGroup').flatMap(([id]) =>
      ['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:DescribeKey'].map((action) => ({
        about: 'log to its key',
        asked: {
          by: `logs.${REGION}.amazonaws.com`,
          action,
          on: key,
          context: { 'kms:EncryptionContext:aws:logs:arn': account.arn(id).replace(/:\*$/, '') },
        },
      })),
    ),
    ...schedulers.flatMap(([id]) => use('schedule to the key of the queue', id)),
    ...users.flatMap((owner) => use('role to the key', roleOf(account, owner))),
  ];
}
