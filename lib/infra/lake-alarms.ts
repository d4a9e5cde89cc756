import { Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { type AlarmRulesProps, alarmRules } from './alarm-rules.ts';

/**
 * Mails the subscribers of one topic when an alarm rings and when it is over. The description of each alarm names its
 * runbook in docs/operations.md.
 */
export class LakeAlarms extends Construct {
  readonly topic: Topic;
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: AlarmRulesProps) {
    super(scope, id);
    this.topic = this.#makeTopic(props.alarms.email);

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
  /** The alarms of this account may publish. A topic with its own policy has lost the default one, which allowed it. */
  #makeTopic(email: string | undefined): Topic {
    const topic = new Topic(this, 'Topic', { enforceSSL: true });
    const stack = Stack.of(this);
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AllowAlarmsOfThisAccount',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': stack.account },
          ArnLike: { 'aws:SourceArn': stack.formatArn({ service: 'cloudwatch', resource: 'alarm:*' }) },
        },
      }),
    );
    if (email !== undefined) topic.addSubscription(new EmailSubscription(email));
    return topic;
  }
}
