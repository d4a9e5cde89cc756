import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketPolicy,
  type IBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { STREAM_NAMES } from '../domain/stream-table.ts';
import { TABLES } from '../domain/tables.ts';
import { RUNS_PREFIX } from '../lake/keys.ts';

interface LakeBucketProps {
  /** Name of an existing bucket that becomes the lake. If it is left out, the stack makes one. */
  readonly adoptedName?: string | undefined;
  /** Key that encrypts objects. If it is left out: S3's own. */
  readonly key?: IKey | undefined;
  /** Days that a replaced version of an object is kept, such as a receipt. */
  readonly replacedVersionDays: number;
  /** Days that a replaced version of a table is kept. The lake itself keeps what `--as-of` needs. */
  readonly replacedTableDays: number;
  /** Days that the plans and results of runs are kept. */
  readonly runDays: number;
  /** Days that Athena's results are kept. */
  readonly queryResultDays: number;
  /** Days that access logs are kept. */
  readonly logDays: number;
}

/** Prefixes whose objects a run replaces if it has something new. */
const REPLACED_PREFIXES = [...TABLES, 'checkpoints', 'manifests', 'checks', ...STREAM_NAMES].map((name) => `${name}/`);

/** Prefix of Athena's results. */
export const QUERY_RESULTS_PREFIX = 'athena-results/';

/**
 * The lake: one versioned, encrypted, private bucket, and a bucket for the log of its requests. Both stay, with their
 * policies, if the stack is deleted or adopts another bucket. They go if a first deployment is rolled back, so that it
 * can be repeated. The settings of an adopted bucket are left alone.
 */
export class LakeBucket extends Construct {
  readonly bucket: IBucket;

  constructor(scope: Construct, id: string, props: LakeBucketProps) {
    super(scope, id);
    this.bucket = props.adoptedName
      ? Bucket.fromBucketName(this, 'Bucket', props.adoptedName)
      : this.#makeBucket(props);
  }

  #makeBucket(props: LakeBucketProps): IBucket {
    const shared = {
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    };
    const accessLogs = new Bucket(this, 'AccessLogs', {
      ...shared,
      lifecycleRules: [{ id: 'expire-access-logs', expiration: Duration.days(props.logDays) }],
    });
    Validations.of(accessLogs).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'This bucket receives the access logs; logging access to the logs would never end.',
    });
    const bucket = new Bucket(this, 'Bucket', {
      ...shared,
      ...(props.key && { encryption: BucketEncryption.KMS, encryptionKey: props.key, bucketKeyEnabled: true }),
      versioned: true,
      // CDK's classes do not satisfy their own interfaces under exactOptionalPropertyTypes; hence the assertions.
      serverAccessLogsBucket: accessLogs as IBucket,
      serverAccessLogsPrefix: 'lake/',
      lifecycleRules: [
        {
          id: 'expire-replaced-versions',
          expiredObjectDeleteMarker: true,
          noncurrentVersionExpiration: Duration.days(props.replacedVersionDays),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
        ...REPLACED_PREFIXES.map((prefix) => ({
          id: `expire-replaced-${prefix.slice(0, -1)}`,
          prefix,
          noncurrentVersionExpiration: Duration.days(props.replacedTableDays),
        })),
        {
          id: 'expire-runs',
          prefix: RUNS_PREFIX,
          expiration: Duration.days(props.runDays),
          noncurrentVersionExpiration: Duration.days(1),
        },
        {
          id: 'expire-query-results',
          prefix: QUERY_RESULTS_PREFIX,
          expiration: Duration.days(props.queryResultDays),
        },
      ],
    });
    for (const { policy } of [accessLogs, bucket]) {
      // A bucket that stays keeps refusing requests without TLS.
      (policy as BucketPolicy).applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    }
    return bucket as IBucket;
  }
}
