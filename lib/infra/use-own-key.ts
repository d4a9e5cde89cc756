import type { Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnTopic } from 'aws-cdk-lib/aws-sns';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';

/** Ids of the roles that the library makes for schedules. They put undelivered starts into the queue. */
const SCHEDULER_ROLE = /^SchedulerRoleForTarget-/;

/**
 * Encrypts everything in the finished stack except its bucket with one key: logs, queues, topics and the environment of
 * functions. `users` are the roles that read or write objects of the lake.
 */
export function useOwnKey(stack: Stack, key: IKey, users: readonly Role[]): void {
  const roles = new Set(users);
  for (const part of stack.node.findAll()) {
    if (part instanceof CfnLogGroup) part.kmsKeyId = key.keyArn;
    if (part instanceof CfnTopic) part.kmsMasterKeyId = key.keyArn;
    if (part instanceof CfnFunction) part.kmsKeyArn = key.keyArn;
    if (part instanceof CfnQueue) {
      part.kmsMasterKeyId = key.keyArn;
      part.sqsManagedSseEnabled = undefined;
    }
    if (part instanceof Role && SCHEDULER_ROLE.test(part.node.id)) roles.add(part);
  }
  const actions = ['kms:Decrypt', 'kms:GenerateDataKey'];
  for (const role of roles) {
    role.addToPolicy(new PolicyStatement({ actions, resources: [key.keyArn] }));
  }
}
