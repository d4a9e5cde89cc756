import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { RUN_STAGES } from './access.ts';
import { type BuiltApp, buildApp } from './build-app.ts';

/** The name of the lake's bucket in a definition that does not belong to an account. */
const LAKE_PLACEHOLDER = 'lake';

/** A state machine definition as JSON: Amazon States Language, in JSONPath. */
type JsonDefinition = Record<string, unknown>;

/**
 * Synthesises the CDK app without bundling and returns the definition of its state machine. It equals the deployed one
 * except for names that only a deployment knows: a function has the name of its stage (`plan`), the bucket `lake`.
 */
export function synthesiseDefinition(context: Readonly<Record<string, unknown>> = {}): JsonDefinition {
  const built = buildApp({ context, deployable: false });
  const template = built.app.synth().getStackByName(built.stack.stackName).template as Template;
  return definitionOf(template, built);
}

interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: Record<string, unknown> }>>;
}

/** Reads the run's definition out of a template, with the names put in. */
function definitionOf(template: Template, { stack }: BuiltApp): JsonDefinition {
  const names = new Map<string, string>([
    ['AWS::Partition', 'aws'],
    [stack.getLogicalId(stack.lake.bucket.node.defaultChild as CfnBucket), LAKE_PLACEHOLDER],
  ]);
  for (const stage of RUN_STAGES) {
    names.set(stack.getLogicalId(stack.stages[stage].function.node.defaultChild as CfnFunction), stage);
  }
  // The machine invokes versions, whose ids hold a hash that only the template knows.
  for (const [id, { Type, Properties }] of Object.entries(template.Resources)) {
    const stage = Type === 'AWS::Lambda::Version' && names.get((Properties['FunctionName'] as { Ref: string }).Ref);
    if (stage) names.set(id, stage);
  }
  const machine = template.Resources[stack.getLogicalId(stack.runs.stateMachine.node.defaultChild as CfnStateMachine)];
  return JSON.parse(resolveText(machine?.Properties['DefinitionString'], names)) as JsonDefinition;
}

/** Resolves the CloudFormation functions that join text: Fn::Join, Ref, Fn::GetAtt. */
function resolveText(value: unknown, names: ReadonlyMap<string, string>): string {
  if (typeof value === 'string') return value;
  const [[name, argument] = []] = Object.entries(value as Record<string, unknown>);
  if (name === 'Fn::Join') {
    const [separator, parts] = argument as [string, unknown[]];
    return parts.map((part) => resolveText(part, names)).join(separator);
  }
  const target = name === 'Ref' ? (argument as string) : name === 'Fn::GetAtt' ? (argument as string[])[0]! : undefined;
  const resolved = target === undefined ? undefined : names.get(target);
  if (resolved === undefined) {
    throw new Error(`definition must refer to stages, the lake and the partition only, got ${JSON.stringify(value)}`);
  }
  return resolved;
}
