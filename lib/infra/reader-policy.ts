import { Stack } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { QUERY_RESULTS_PREFIX } from './lake-bucket.ts';
import { acknowledgeObjects } from './stage-function.ts';

interface ReaderPolicyProps {
  readonly bucket: IBucket;
  /** Key that encrypts the lake and the results; left out: S3's own. */
  readonly key?: IKey | undefined;
  readonly workgroupName: string;
  readonly databaseName: string;
  /** Tables with objects in the lake, each below a prefix of its own name. */
  readonly tableNames: readonly string[];
  readonly viewNames: readonly string[];
}

/** Queries and their results, in the lake's workgroup only. */
const WORKGROUP_ACTIONS = [
  'athena:GetWorkGroup',
  'athena:StartQueryExecution',
  'athena:StopQueryExecution',
  'athena:GetQueryExecution',
  'athena:BatchGetQueryExecution',
  'athena:ListQueryExecutions',
  'athena:GetQueryResults',
  'athena:GetQueryResultsStream',
  'athena:GetQueryRuntimeStatistics',
  'athena:GetNamedQuery',
  'athena:BatchGetNamedQuery',
  'athena:ListNamedQueries',
];

const GLUE_ACTIONS = [
  'glue:GetDatabase',
  'glue:GetDatabases',
  'glue:GetTable',
  'glue:GetTables',
  'glue:GetPartition',
  'glue:GetPartitions',
  'glue:BatchGetPartition',
];

/**
 * A managed policy for analysts, which the stack attaches to no role. It allows queries over the lake's tables and
 * views in the lake's Athena workgroup, with its limits, and reading the tables' objects directly. It does not allow
 * reading landing objects, or writing anything but query results.
 */
export class ReaderPolicy extends Construct {
  readonly policy: ManagedPolicy;

  constructor(scope: Construct, id: string, props: ReaderPolicyProps) {
    super(scope, id);
    const { bucket, key, databaseName, tableNames, viewNames } = props;
    const stack = Stack.of(this);
    const arn = (service: string, resource: string) => stack.formatArn({ service, resource });
    const prefixes = tableNames.map((name) => `${name}/`);
    const objects = (all: readonly string[]) => all.map((prefix) => bucket.arnForObjects(`${prefix}*`));
    const catalogue = [
      arn('glue', 'catalog'),
      arn('glue', `database/${databaseName}`),
      ...[...tableNames, ...viewNames].map((name) => arn('glue', `table/${databaseName}/${name}`)),
    ];
    this.policy = new ManagedPolicy(this, 'Policy', {
      description: `Queries over the candle lake ${databaseName}`,
      statements: [
        new PolicyStatement({
          actions: WORKGROUP_ACTIONS,
          resources: [arn('athena', `workgroup/${props.workgroupName}`)],
        }),
        new PolicyStatement({ actions: GLUE_ACTIONS, resources: catalogue }),
        // Athena requests the database `default` before any query.
        new PolicyStatement({ actions: ['glue:GetDatabase'], resources: [arn('glue', 'database/default')] }),
        new PolicyStatement({ actions: ['s3:GetObject'], resources: objects([...prefixes, QUERY_RESULTS_PREFIX]) }),
        new PolicyStatement({
          actions: ['s3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
          resources: objects([QUERY_RESULTS_PREFIX]),
        }),
        new PolicyStatement({
          actions: ['s3:ListBucket'],
          resources: [bucket.bucketArn],
          conditions: { StringLike: { 's3:prefix': [...prefixes, QUERY_RESULTS_PREFIX].map((one) => `${one}*`) } },
        }),
        new PolicyStatement({ actions: ['s3:GetBucketLocation'], resources: [bucket.bucketArn] }),
        ...(key
          ? [new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [key.keyArn] })]
          : []),
      ],
    });
    acknowledgeObjects(
      this.policy,
      bucket,
      [...prefixes, QUERY_RESULTS_PREFIX].map((prefix) => `${prefix}*`),
      "the tables' objects and query results",
    );
  }
}
