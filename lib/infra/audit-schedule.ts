import { Duration, TimeZone } from 'aws-cdk-lib';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { LakeConfig } from './config.ts';

interface AuditScheduleProps {
  readonly stateMachine: StateMachine;
  readonly schedule: LakeConfig['schedules']['audit'];
  /** The queue of undelivered starts. */
  readonly deadLetters: Queue;
}

/** Starts audits at the given times. If a start is delivered twice, the lake is audited twice, without harm. */
export class AuditSchedule extends Construct {
  constructor(scope: Construct, id: string, { stateMachine, schedule, deadLetters }: AuditScheduleProps) {
    super(scope, id);
    new Schedule(this, 'Weekly', {
      description: 'Audits the lake',
      schedule: ScheduleExpression.expression(schedule.expression, TimeZone.ETC_UTC),
      enabled: schedule.enabled,
      target: new StepFunctionsStartExecution(stateMachine, {
        input: ScheduleTargetInput.fromObject(schedule.request),
        deadLetterQueue: deadLetters,
        retryAttempts: 3,
        maxEventAge: Duration.hours(1),
      }),
    });
  }
}
