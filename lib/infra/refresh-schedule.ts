import { Duration, TimeZone } from 'aws-cdk-lib';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';

export interface RefreshScheduleProps {
  readonly stateMachine: StateMachine;
  /** EventBridge Scheduler expression, read in UTC. */
  readonly expression: string;
  readonly enabled: boolean;
}

/** Starts a run of the watch list (input `{}`) at the times given. */
export class RefreshSchedule extends Construct {
  constructor(scope: Construct, id: string, props: RefreshScheduleProps) {
    super(scope, id);
    new Schedule(this, 'Schedule', {
      description: 'Brings the watch list up to date',
      schedule: ScheduleExpression.expression(props.expression, TimeZone.ETC_UTC),
      enabled: props.enabled,
      target: new StepFunctionsStartExecution(props.stateMachine, {
        input: ScheduleTargetInput.fromObject({}),
        retryAttempts: 3,
        maxEventAge: Duration.hours(1),
      }),
    });
  }
}
