import { runSimulation, type Simulation } from '@cloud-copilot/iam-simulate';
import type { Resource } from './deployed-app.ts';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-central-1';

/** One request to AWS, for which the simulator decides whether the policies allow it. */
export interface Asked {
  /** Logical id of a role of the template, or a service such as `cloudwatch.amazonaws.com`. */
  readonly by: string;
  readonly action: string;
  /** ARN of the resource. */
  readonly on: string;
  /** Condition keys of the request; `aws:SecureTransport` is true unless it is given. */
  readonly context?: Readonly<Record<string, string>>;
}

export type Decision = 'Allowed' | 'ImplicitlyDenied' | 'ExplicitlyDenied';

/** An account in which the template is deployed: every reference is resolved, and its policies can be asked. */
export interface SimulatedAccount {
  readonly resources: Readonly<Record<string, Resource>>;
  readonly ofType: (type: string) => readonly (readonly [string, Resource])[];
  readonly arn: (logicalId: string) => string;
  readonly decide: (asked: Asked) => Promise<Decision>;
}

/**
 * The simulator does not know the keys of an encryption context. In the policy of a key and in requests this one is
 * therefore called as another key that holds an ARN, which neither contains otherwise.
 */
const ENCRYPTION_CONTEXT = ['kms:EncryptionContext:aws:logs:arn', 'aws:SourceArn'] as const;

export interface Policy {
  readonly Statement: readonly unknown[];
}

/**
 * Puts a template into an account whose ids are made of the logical ids.
 * @param elsewhere policies of resources that the template does not contain, such as KMS keys, by ARN
 */
export function simulatedAccount(
  template: Readonly<Record<string, Resource>>,
  elsewhere: Readonly<Record<string, Policy>> = {},
): SimulatedAccount {
  const resources = resolve(template, template) as Record<string, Resource>;
  const ofType = (type: string) => Object.entries(resources).filter(([, { Type }]) => Type === type);
  const arn = (logicalId: string) => attribute(template, logicalId, 'Arn');

  function policiesOf(roleId: string): { readonly name: string; readonly policy: unknown }[] {
    return ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].flatMap(ofType).flatMap(([name, { Properties }]) => {
      const roles = (Properties['Roles'] ?? []) as string[];
      return roles.includes(reference(template, roleId) as string)
        ? [{ name, policy: Properties['PolicyDocument'] }]
        : [];
    });
  }

  /** The policy that is attached to the resource itself. */
  function resourcePolicyOf(on: string): unknown {
    const given = Object.entries(elsewhere).find(([own]) => on === own || on.startsWith(`${own}/`));
    if (given) return renamed(given[1]);
    const role = ofType('AWS::IAM::Role').find(([id]) => arn(id) === on);
    if (role) return role[1].Properties['AssumeRolePolicyDocument'];
    const owners: readonly (readonly [string, string, string])[] = [
      ['AWS::S3::BucketPolicy', 'Bucket', 'AWS::S3::Bucket'],
      ['AWS::SNS::TopicPolicy', 'Topics', 'AWS::SNS::Topic'],
      ['AWS::SQS::QueuePolicy', 'Queues', 'AWS::SQS::Queue'],
    ];
    for (const [policyType, field, type] of owners) {
      const owner = ofType(type).find(([id]) => on === arn(id) || on.startsWith(`${arn(id)}/`));
      if (!owner) continue;
      const attached = ofType(policyType).find(([, { Properties }]) =>
        [Properties[field]].flat().includes(reference(template, owner[0])),
      );
      return attached?.[1].Properties['PolicyDocument'];
    }
    return undefined;
  }

  return {
    resources,
    ofType,
    arn,
    async decide({ by, action, on, context = {} }) {
      const isService = by.endsWith('.amazonaws.com');
      const simulation: Simulation = {
        request: {
          principal: isService ? by : arn(by),
          action,
          resource: { resource: on, accountId: ACCOUNT },
          contextVariables: renamed({ 'aws:SecureTransport': 'true', ...context }),
        },
        identityPolicies: isService ? [] : policiesOf(by),
        serviceControlPolicies: [],
        resourceControlPolicies: [],
        resourcePolicy: resourcePolicyOf(on),
      };
      const checked = await runSimulation(simulation, {});
      if (checked.resultType === 'error') {
        throw new Error(`${by} ${action} ${on} cannot be simulated: ${JSON.stringify(checked.errors)}`);
      }
      return checked.overallResult as Decision;
    },
  };
}

function renamed<T>(value: T): T {
  return JSON.parse(JSON.stringify(value).replaceAll(...ENCRYPTION_CONTEXT)) as T;
}

/** Replaces the functions of CloudFormation by values. */
function resolve(value: unknown, template: Readonly<Record<string, Resource>>): unknown {
  if (Array.isArray(value)) return value.map((one) => resolve(one, template));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [[name, argument] = ['', undefined]] = entries;
  if (entries.length === 1 && name === 'Ref') return reference(template, argument as string);
  if (entries.length === 1 && name.startsWith('Fn::')) {
    const given = resolve(argument, template) as never[];
    if (name === 'Fn::Join') return (given[1] as string[]).join(given[0]);
    if (name === 'Fn::GetAtt') return attribute(template, given[0], given[1]);
    if (name === 'Fn::Select') return given[1]![given[0]];
    if (name === 'Fn::Split') return (given[1] as string).split(given[0]);
    if (name === 'Fn::Sub') return substitute(argument as string);
    throw new Error(`a template may use Ref, Join, GetAtt, Select, Split and Sub here, got ${name}`);
  }
  return Object.fromEntries(entries.map(([key, one]) => [key, resolve(one, template)]));
}

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::AccountId': ACCOUNT,
  'AWS::Region': REGION,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::NoValue': '',
};

function substitute(text: string): string {
  return text.replace(/\$\{(AWS::\w+)\}/g, (_, name: string) => PSEUDO[name]!);
}

/** ARN after `arn:aws:`, by type, of what is called `name`. */
const ARNS: Readonly<Record<string, (name: string) => string>> = {
  'AWS::CloudWatch::Alarm': (name) => `cloudwatch:${REGION}:${ACCOUNT}:alarm:${name}`,
  'AWS::IAM::Role': (name) => `iam::${ACCOUNT}:role/${name}`,
  'AWS::Lambda::Function': (name) => `lambda:${REGION}:${ACCOUNT}:function:${name}`,
  'AWS::Lambda::Version': (name) => `lambda:${REGION}:${ACCOUNT}:function:${name}`,
  'AWS::Logs::LogGroup': (name) => `logs:${REGION}:${ACCOUNT}:log-group:${name}:*`,
  'AWS::S3::Bucket': (name) => `s3:::${name.toLowerCase()}`,
  'AWS::SNS::Topic': (name) => `sns:${REGION}:${ACCOUNT}:${name}`,
  'AWS::SQS::Queue': (name) => `sqs:${REGION}:${ACCOUNT}:${name}`,
  'AWS::StepFunctions::StateMachine': (name) => `states:${REGION}:${ACCOUNT}:stateMachine:${name}`,
};

/** Types whose `Ref` is their ARN. */
const REF_IS_ARN = ['AWS::Lambda::Version', 'AWS::SNS::Topic', 'AWS::StepFunctions::StateMachine'];

function reference(template: Readonly<Record<string, Resource>>, id: string): unknown {
  if (id in PSEUDO) return PSEUDO[id];
  const type = template[id]?.Type ?? '';
  if (REF_IS_ARN.includes(type)) return attribute(template, id, 'Arn');
  return type === 'AWS::S3::Bucket' ? id.toLowerCase() : id;
}

function attribute(template: Readonly<Record<string, Resource>>, id: string, name: string): string {
  const resource = template[id];
  if (!resource) throw new Error(`a resource must be in the template, got ${id}`);
  if (resource.Type === 'AWS::Lambda::Version') {
    const lambda = reference(template, (resource.Properties['FunctionName'] as { Ref: string }).Ref);
    return `arn:aws:${ARNS[resource.Type]!(`${lambda}:1`)}`;
  }
  const arnOf = ARNS[resource.Type];
  return name === 'Arn' && arnOf ? `arn:aws:${arnOf(id)}` : `${id}.${name}`;
}
