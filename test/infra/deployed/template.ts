import type { LambdaStage } from '../../../lib/infra/access.ts';
import type { DeployedApp, Resource } from '../deployed-app.ts';

/** Logical id of the lake's bucket. */
export const LAKE = 'LakeBucketB1D32E10';

/** Logical id of a stage's Lambda or role. */
export function idOf(app: DeployedApp, stage: LambdaStage, type: 'Function' | 'Role'): string {
  const prefix = stage[0]!.toUpperCase() + stage.slice(1) + type;
  const ids = app.ofType(type === 'Function' ? 'AWS::Lambda::Function' : 'AWS::IAM::Role').map(([id]) => id);
  return ids.find((id) => id.startsWith(prefix))!;
}

/** Logical id of the version of a stage's Lambda that this deployment publishes. */
export function versionOf(app: DeployedApp, stage: LambdaStage): string {
  const lambda = idOf(app, stage, 'Function');
  return app
    .ofType('AWS::Lambda::Version')
    .find(([, { Properties }]) => text(Properties['FunctionName']) === `<${lambda}>`)![0];
}

/** The state machine that runs, the one that audits, or the one that starts the first. */
export function machineOf(app: DeployedApp, name: 'Runs' | 'Audits' | 'RefreshStarter'): readonly [string, Resource] {
  return app.ofType('AWS::StepFunctions::StateMachine').find(([id]) => id.startsWith(`${name}StateMachine`))!;
}

/** CloudFormation's functions as text: `<Id>` for what only a deployment knows. */
export function text(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const [[name, argument]] = Object.entries(value) as [[string, unknown]];
  if (name === 'Ref') return `<${argument}>`;
  if (name === 'Fn::GetAtt') return `<${(argument as string[])[0]}>`;
  if (name === 'Fn::Join') return (argument as [string, unknown[]])[1].map(text).join('');
  return JSON.stringify(value);
}

export interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: Record<string, Record<string, unknown>>;
}

/** Returns what the policies of a role allow, as `action on resource`. */
export function allowed(app: DeployedApp, roleId: string): string[] {
  return app
    .ofType('AWS::IAM::Policy')
    .filter(([, { Properties }]) => (Properties['Roles'] as { Ref: string }[]).some(({ Ref }) => Ref === roleId))
    .flatMap(([, { Properties }]) => (Properties['PolicyDocument'] as { Statement: Statement[] }).Statement)
    .flatMap((statement) =>
      [statement.Action].flat().flatMap((action) => [statement.Resource].flat().map((r) => `${action} on ${text(r)}`)),
    );
}

/** Returns the variables of an environment that are plain text. Only a deployment knows the others. */
export function variablesOf(app: DeployedApp, stage: LambdaStage): Record<string, string> {
  const { Variables } = app.resources[idOf(app, stage, 'Function')]!.Properties['Environment'] as {
    Variables: Record<string, unknown>;
  };
  return Object.fromEntries(
    Object.entries(Variables).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
