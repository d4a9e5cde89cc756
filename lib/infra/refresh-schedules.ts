import { Duration, TimeZone, Validations } from 'aws-cdk-lib';
import { ContextAttribute, Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Schedule as ScheduleName } from '../domain/schedule.ts';
import type { LakeConfig } from './config.ts';
import { RunStarter } from './run-starter.ts';

interface RefreshSchedulesProps {
  readonly stateMachine: StateMachine;
  readonly schedules: LakeConfig['schedules'];
  readonly logDays: number;
}

/** Starts runs at the given times. A start that fails after all retries waits in a queue, and an alarm rings. */
export class RefreshSchedules extends Construct {
  readonly deadLetters: Queue;
  readonly starter: StateMachine;

  constructor(scope: Construct, id: string, { stateMachine, schedules, logDays }: RefreshSchedulesProps) {
    super(scope, id);
    this.deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    Validations.of(this.deadLetters).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'This is the dead-letter queue, of EventBridge Scheduler.',
    });
    this.starter = new RunStarter(this, 'Starter', { stateMachine, logDays }).stateMachine;
    const add = (
      name: ScheduleName,
      description: string,
      { expression, enabled, request }: LakeConfig['schedules']['watchList'],
    ) =>
      new Schedule(this, name, {
        description,
        schedule: ScheduleExpression.expression(expression, TimeZone.ETC_UTC),
        enabled,
        target: new StepFunctionsStartExecution(this.starter, {
          input: ScheduleTargetInput.fromObject({
            schedule: name,
            scheduledTime: ContextAttribute.scheduledTime,
            request,
          }),
          deadLetterQueue: this.deadLetters,
          retryAttempts: 3,
          maxEventAge: Duration.hours(1),
        }),
      });
    add('WatchList', 'Brings the watch list up to date', schedules.watchList);
    add('Everything', 'Brings the whole market up to date', schedules.everything);
  }
}
