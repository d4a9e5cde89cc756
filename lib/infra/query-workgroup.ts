import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { QUERY_RESULTS_PREFIX } from './lake-bucket.ts';

interface QueryWorkgroupProps {
  readonly bucket: IBucket;
  readonly name: string;
  /** Key that encrypts results. If it is left out: S3's own. */
  readonly keyArn?: string | undefined;
  /** A query that would read more than this is cancelled. */
  readonly scanLimitBytes: number;
}

/** The Athena workgroup of the lake: bounded cost, encrypted results, settings that a client cannot override. */
export class QueryWorkgroup extends Construct {
  readonly name: string;
  readonly resource: CfnWorkGroup;

  constructor(scope: Construct, id: string, props: QueryWorkgroupProps) {
    super(scope, id);
    this.name = props.name;
    this.resource = new CfnWorkGroup(this, 'WorkGroup', {
      name: props.name,
      description: 'Queries over the candle lake, with a limit on the bytes that one query may read',
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: props.scanLimitBytes,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        resultConfiguration: {
          outputLocation: `s3://${props.bucket.bucketName}/${QUERY_RESULTS_PREFIX}`,
          encryptionConfiguration: props.keyArn
            ? { encryptionOption: 'SSE_KMS', kmsKey: props.keyArn }
            : { encryptionOption: 'SSE_S3' },
        },
      },
    });
  }
}
