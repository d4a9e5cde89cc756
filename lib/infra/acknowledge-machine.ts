import { Token, Validations } from 'aws-cdk-lib';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { type CfnStateMachine, DistributedMap, type StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { acknowledgeObjects, type StageFunction } from './stage-function.ts';

/**
 * Lets a machine that has Distributed Maps below `runs/` invoke every version of its functions, and explains to cdk-nag
 * each wildcard in its role.
 */
export function acknowledgeMachine(
  stateMachine: StateMachine,
  bucket: IBucket,
  invoked: readonly StageFunction[],
  what: string,
): void {
  acknowledgeObjects(stateMachine, bucket, ['runs/*'], what);
  const acknowledge = (resource: string, reason: string) =>
    Validations.of(stateMachine).acknowledge({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason });
  for (const { function: lambda } of invoked) {
    // States invoke the newest version. An execution that began before a deployment continues with an older one.
    lambda.grantInvoke(stateMachine);
    const logicalId = lambda.stack.getLogicalId(lambda.node.defaultChild as CfnFunction);
    acknowledge(
      `<${logicalId}.Arn>:*`,
      'Versions of the one function that the state invokes: a running execution continues with its own.',
    );
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
  // A map run's executions have the map's label in their names. The label is the map's id.
  const maps = stateMachine.node.scope!.node.findAll().filter((node) => node instanceof DistributedMap);
  for (const { node } of maps) acknowledge(`${executions}/${node.id}:*`, reason);
}
