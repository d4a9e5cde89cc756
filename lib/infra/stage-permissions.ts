import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { LakeConfig } from './config.ts';
import type { SqlCatalogue } from './sql-catalogue.ts';

/**
 * Lets one role read the two SecureString parameters of the exchange API key, if they exist. They are made by hand,
 * because a template would show their values. The AWS key that encrypts them needs no grant.
 */
export function grantApiKey(role: Role, { key, secret }: LakeConfig['apiKeyParameters']): void {
  const resources = [key, secret].map((name) =>
    Stack.of(role).formatArn({ service: 'ssm', resource: 'parameter', resourceName: name.replace(/^\//, '') }),
  );
  role.addToPolicy(new PolicyStatement({ actions: ['ssm:GetParameters'], resources }));
}

/** The calls of `glueCatalogue`. */
const CATALOGUE_ACTIONS = [
  'glue:GetTable',
  'glue:GetPartitions',
  'glue:GetPartitionIndexes',
  'glue:BatchCreatePartition',
  'glue:BatchUpdatePartition',
  'glue:CreatePartitionIndex',
];

/** Lets the one writer of partitions read the tables, add and update their partitions, and create their indexes. */
export function grantCatalogue(role: Role, { databaseName, tableNames }: SqlCatalogue): void {
  const tables = tableNames.map((table) => `table/${databaseName}/${table}`);
  const resources = ['catalog', `database/${databaseName}`, ...tables].map((resource) =>
    Stack.of(role).formatArn({ service: 'glue', resource }),
  );
  role.addToPolicy(new PolicyStatement({ actions: CATALOGUE_ACTIONS, resources }));
}
