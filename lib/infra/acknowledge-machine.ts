import { Token, Validations } from 'aws-cdk-lib';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { type CfnStateMachine, DistributedMap, type StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { acknowledgePrefixes, type StageFunction } from './stage-function.ts';

/** Says to cdk-nag why there is each wildcard in the role of a machine that has Distributed Maps below `runs/`. */
export function acknowledgeMachine(
  stateMachine: StateMachine,
  bucket: IBucket,
  invoked: readonly StageFunction[],
  what: string,
): void {
  acknowledgePrefixes(stateMachine, bucket, ['runs/'], what);
  const acknowledge = (resource: string, reason: string) =>
    Validations.of(stateMachine).acknowledge({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason });
  for (const { function: lambda } of invoked) {
    const logicalId = lambda.stack.getLogicalId(lambda.node.defaultChild as CfnFunction);
    acknowledge(`<${logicalId}.Arn>:*`, 'Versions and aliases of the one function that the state invokes.');
  }
  const { stack } = stateMachine;
  const machine = JSON.stringify({
    'Fn::Select': [
      6,
      { 'Fn::Split': [':', { Ref: stack.getLogicalId(stateMachine.node.defaultChild as CfnStateMachine) }] },
    ],
  });
  const known = (value: string, name: string) => (Token.isUnresolved(value) ? `<${name}>` : value);
  const place = `${known(stack.region, 'AWS::Region')}:${known(stack.account, 'AWS::AccountId')}`;
  const executions = `arn:${known(stack.partition, 'AWS::Partition')}:states:${place}:execution:${machine}`;
  const reason =
    'Executions of this one machine, which have no names before they run: a Distributed Map starts itself.';
  acknowledge(`${executions}:*`, reason);
  // A map run's executions are named by the map's label, which is its id.
  const maps = stateMachine.node.scope!.node.findAll().filter((node) => node instanceof DistributedMap);
  for (const { node } of maps) acknowledge(`${executions}/${node.id}:*`, reason);
}
