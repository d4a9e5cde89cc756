import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { SqlCatalogue } from './sql-catalogue.ts';

export interface CataloguePermissionsProps {
  readonly catalogue: SqlCatalogue;
  /** Role of the one writer of partitions. */
  readonly role: Role;
}

/** Lets one role read the tables and add partitions to them. */
export class CataloguePermissions extends Construct {
  constructor(scope: Construct, id: string, { catalogue, role }: CataloguePermissionsProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const arn = (resource: string) => stack.formatArn({ service: 'glue', resource });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['glue:GetTable', 'glue:BatchCreatePartition'],
        resources: [
          arn('catalog'),
          arn(`database/${catalogue.databaseName}`),
          ...catalogue.tableNames.map((table) => arn(`table/${catalogue.databaseName}/${table}`)),
        ],
      }),
    );
  }
}
