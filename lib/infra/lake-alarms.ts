import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { LambdaStage } from './access.ts';
import { alarmTopic } from './alarm-topic.ts';
import type { LakeConfig } from './config.ts';
import { lakeMetric } from './lake-metric.ts';
import type { StageFunction } from './stage-function.ts';

export interface LakeAlarmsProps {
  readonly stateMachine: StateMachine;
  readonly stages: Readonly<Record<LambdaStage, StageFunction>>;
  readonly deadLetters: Queue;
  /** What the schedules start, which starts the runs. */
  readonly starter: StateMachine;
  /** What audits the lake. */
  readonly auditor: StateMachine;
  readonly service: string;
  readonly alarms: LakeConfig['alarms'];
}

interface Rule {
  readonly metric: IMetric;
  readonly threshold: number;
  readonly about: string;
  /** What no data means: nothing, or that nothing runs any more. */
  readonly silence?: TreatMissingData;
}

/** Tells the subscribers of one topic what is wrong; each alarm's description names its runbook in docs/operations.md. */
export class LakeAlarms extends Construct {
  readonly topic: Topic;
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: LakeAlarmsProps) {
    super(scope, id);
    const { stateMachine, stages, deadLetters, starter, auditor, service, alarms } = props;
    this.topic = alarmTopic(this, alarms.email);

    const quarter = Duration.minutes(15);
    const sum = (name: Parameters<typeof lakeMetric>[1]) =>
      lakeMetric(service, name, { statistic: 'Sum', period: quarter });
    const rules: Record<string, Rule> = {
      RunFailed: {
        metric: stateMachine.metricFailed({ period: Duration.minutes(5), statistic: 'Sum' }),
        threshold: 1,
        about: 'A run ended failed: runs/<run id>/report.json in the lake names what did not come',
      },
      RunTimedOut: {
        metric: stateMachine.metricTimedOut({ period: Duration.minutes(5), statistic: 'Sum' }),
        threshold: 1,
        about: 'A run took longer than a day and was stopped',
      },
      LakeStale: {
        metric: lakeMetric(service, 'NewestCandleAge', { statistic: 'Minimum', period: Duration.hours(6) }),
        threshold: alarms.staleAfterHours * 3600,
        about: `The newest candle of the lake is older than ${alarms.staleAfterHours} h, or no run has ended for 6 h`,
        silence: TreatMissingData.BREACHING,
      },
      ExchangeThrottled: {
        metric: sum('ExchangeBusy'),
        threshold: 10,
        about: 'The exchange limits us, or does not answer, again and again',
      },
      LambdaThrottled: {
        metric: new MathExpression({
          label: 'Throttles of all stages',
          expression: 'SUM(METRICS())',
          period: quarter,
          usingMetrics: Object.fromEntries(
            Object.entries(stages).map(([stage, { function: lambda }]) => [
              stage,
              lambda.metricThrottles({ statistic: 'Sum', period: quarter }) as IMetric,
            ]),
          ),
        }),
        threshold: 10,
        about: "Lambda refuses invocations: the account's concurrency is used up",
      },
      ChecksumFailed: {
        metric: sum('ChecksumFailures'),
        threshold: 1,
        about: 'Bytes were not those that the exchange published; nothing of them has landed',
      },
      OverBudget: {
        metric: sum('RunsOverBudget'),
        threshold: 1,
        about: 'A run was expected to cost more than its budget and was not started',
      },
      StartFailed: {
        metric: starter.metricFailed({ period: quarter, statistic: 'Sum' }),
        threshold: 1,
        about: 'A scheduled run was delivered and could not be started',
      },
      AuditFailed: {
        metric: auditor.metricFailed({ period: quarter, statistic: 'Sum' }),
        threshold: 1,
        about:
          'An audit found that something is wrong or differs, or did not come to its end: audits/<id>.json in the lake',
      },
      DeadLetters: {
        metric: deadLetters.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: quarter }),
        threshold: 1,
        about: 'A scheduled run could not be delivered',
      },
    };
    this.alarms = Object.entries(rules).map(([name, { metric, threshold, about, silence }]) => {
      const alarm = new Alarm(this, name, {
        alarmDescription: `${about}. Runbook: docs/operations.md, ${name}`,
        metric,
        threshold,
        evaluationPeriods: 1,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: silence ?? TreatMissingData.NOT_BREACHING,
      });
      alarm.addAlarmAction(new SnsAction(this.topic));
      return alarm;
    });
  }
}
