import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { SqlCatalogue } from './sql-catalogue.ts';

/** The calls of `glueCatalogue`. */
const CATALOGUE_ACTIONS = [
  'glue:GetTable',
  'glue:GetPartitions',
  'glue:GetPartitionIndexes',
  'glue:BatchCreatePartition',
  'glue:BatchUpdatePartition',
  'glue:CreatePartitionIndex',
];

interface CataloguePermissionsProps {
  readonly catalogue: SqlCatalogue;
  /** Role of the one writer of partitions. */
  readonly role: Role;
}

/** Lets one role read the tables, add and update their partitions, and create indexes of the partitions. */
export class CataloguePermissions extends Construct {
  constructor(scope: Construct, id: string, { catalogue, role }: CataloguePermissionsProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const arn = (resource: string) => stack.formatArn({ service: 'glue', resource });
    role.addToPolicy(
      new PolicyStatement({
        actions: CATALOGUE_ACTIONS,
        resources: [
          arn('catalog'),
          arn(`database/${catalogue.databaseName}`),
          ...catalogue.tableNames.map((table) => arn(`table/${catalogue.databaseName}/${table}`)),
        ],
      }),
    );
  }
}
