import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

export interface LakeBucketProps {
  /** Key that encrypts objects; left out: S3's own. */
  readonly key?: IKey | undefined;
  /** Days that a replaced version of an object is kept. */
  readonly replacedVersionDays: number;
  /** Days that Athena's results are kept. */
  readonly queryResultDays: number;
  /** Days that access logs are kept. */
  readonly logDays: number;
}

/** Prefix of Athena's results. */
export const QUERY_RESULTS_PREFIX = 'athena-results/';

/** The lake: one versioned, encrypted, private bucket that is kept when the stack goes, and the log of who touched it. */
export class LakeBucket extends Construct {
  readonly bucket: IBucket;
  readonly accessLogs: IBucket;

  constructor(scope: Construct, id: string, props: LakeBucketProps) {
    super(scope, id);
    const shared = {
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy: RemovalPolicy.RETAIN,
    };
    // CDK's classes do not satisfy their own interfaces under exactOptionalPropertyTypes; hence the two assertions.
    this.accessLogs = new Bucket(this, 'AccessLogs', {
      ...shared,
      lifecycleRules: [{ id: 'expire-access-logs', expiration: Duration.days(props.logDays) }],
    }) as IBucket;
    Validations.of(this.accessLogs).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'This bucket receives the access logs; logging access to the logs would never end.',
    });
    this.bucket = new Bucket(this, 'Bucket', {
      ...shared,
      ...(props.key && { encryption: BucketEncryption.KMS, encryptionKey: props.key, bucketKeyEnabled: true }),
      versioned: true,
      serverAccessLogsBucket: this.accessLogs,
      serverAccessLogsPrefix: 'lake/',
      lifecycleRules: [
        {
          id: 'expire-replaced-versions',
          expiredObjectDeleteMarker: true,
          noncurrentVersionExpiration: Duration.days(props.replacedVersionDays),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
        {
          id: 'expire-query-results',
          prefix: QUERY_RESULTS_PREFIX,
          expiration: Duration.days(props.queryResultDays),
        },
      ],
    }) as IBucket;
  }
}
