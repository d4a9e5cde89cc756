import { Stack } from 'aws-cdk-lib';
import { CfnPrincipalPermissions } from 'aws-cdk-lib/aws-lakeformation';
import { Construct } from 'constructs';
import type { SqlCatalogue } from './sql-catalogue.ts';

interface LakeFormationGrantsProps {
  readonly catalogue: SqlCatalogue;
  /** ARN of the role of the one writer of partitions. */
  readonly writerArn: string;
  /** ARNs of roles and users that may query. */
  readonly readerArns: readonly string[];
}

/** The permissions of the catalogue stage: to see a table, and to add and change partitions. */
const WRITER = ['DESCRIBE', 'SELECT', 'INSERT', 'ALTER'];
const READER = ['DESCRIBE', 'SELECT'];

/**
 * Lake Formation permissions for accounts that do not leave them to IAM. The bucket is not registered with Lake
 * Formation: IAM and the reader policy decide who may read its objects. CloudFormation must deploy as an
 * administrator of the data lake.
 */
export class LakeFormationGrants extends Construct {
  constructor(scope: Construct, id: string, { catalogue, writerArn, readerArns }: LakeFormationGrantsProps) {
    super(scope, id);
    const catalogId = Stack.of(this).account;
    const { databaseName } = catalogue;
    const grant = (name: string, principal: string, permissions: string[]) => {
      const dataLakePrincipalIdentifier = principal;
      const database = new CfnPrincipalPermissions(this, `${name}Database`, {
        principal: { dataLakePrincipalIdentifier },
        resource: { database: { catalogId, name: databaseName } },
        permissions: ['DESCRIBE'],
        permissionsWithGrantOption: [],
      });
      const tables = new CfnPrincipalPermissions(this, `${name}Tables`, {
        principal: { dataLakePrincipalIdentifier },
        resource: { table: { catalogId, databaseName, tableWildcard: {} } },
        permissions,
        permissionsWithGrantOption: [],
      });
      for (const resource of [database, tables]) resource.addResourceDependency(catalogue.database);
    };
    grant('Writer', writerArn, WRITER);
    readerArns.forEach((arn, index) => {
      grant(`Reader${index + 1}`, arn, READER);
    });
  }
}
