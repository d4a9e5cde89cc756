import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { LogLevel, StateMachine, type StateMachineProps } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';

interface LoggedMachineProps
  extends Pick<StateMachineProps, 'stateMachineType' | 'comment' | 'definitionBody' | 'timeout'> {
  readonly logDays: number;
}

/** Makes the one state machine of a construct: traced, with a log of every state but not of the data. */
export function loggedMachine(scope: Construct, { logDays, ...props }: LoggedMachineProps): StateMachine {
  const stateMachine = new StateMachine(scope, 'StateMachine', {
    ...props,
    tracingEnabled: true,
    logs: {
      destination: new LogGroup(scope, 'Log', {
        // The account's policy for the delivery of logs has one line for all groups below /aws/vendedlogs. Each group
        // elsewhere needs a line of its own, and the policy may have 5,120 characters.
        logGroupName: `/aws/vendedlogs/states/${scope.node.path}`,
        retention: logDays as RetentionDays,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
      level: LogLevel.ALL,
      includeExecutionData: false,
    },
  });
  Validations.of(stateMachine).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'X-Ray and the delivery of logs have no resources; the actions are those that the service requires.',
  });
  return stateMachine;
}
