import { Alarm, ComparisonOperator } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { type AlarmRulesProps, alarmRules } from './alarm-rules.ts';
import { alarmTopic } from './alarm-topic.ts';

/**
 * Mails the subscribers of one topic when an alarm rings and when it is over. The description of each alarm names its
 * runbook in docs/operations.md.
 */
export class LakeAlarms extends Construct {
  readonly topic: Topic;
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: AlarmRulesProps) {
    super(scope, id);
    this.topic = alarmTopic(this, props.alarms.email);

    this.alarms = Object.entries(alarmRules(props)).map(([name, { about, ...rule }]) => {
      const alarm = new Alarm(this, name, {
        ...rule,
        alarmDescription: `${about}. Runbook: docs/operations.md, ${name}`,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      });
      const publish = new SnsAction(this.topic);
      alarm.addAlarmAction(publish);
      alarm.addOkAction(publish);
      return alarm;
    });
  }
}
