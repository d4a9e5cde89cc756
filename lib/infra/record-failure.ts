import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { JsonPath } from 'aws-cdk-lib/aws-stepfunctions';
import { CallAwsService } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { S3_FAULTS } from './retries.ts';

interface RecordFailureProps {
  readonly bucket: IBucket;
  readonly stage: 'fetch' | 'refine' | 'audit';
  /** Fields of the item that are written with the failure. */
  readonly itemFields: readonly string[];
  /** Paths of the fields whose values, joined by `_`, name the failure. The name is unique in the run. */
  readonly namePaths: readonly string[];
}

/**
 * Writes `{stage, item, error}` to `runs/<run id>/failures/<stage>-<name>.json`. So a failure ends only its own item,
 * and the report of the run can name it.
 */
export function recordFailure(scope: Construct, id: string, props: RecordFailureProps): CallAwsService {
  const item = Object.fromEntries(props.itemFields.map((field) => [field, JsonPath.objectAt(`$.${field}`)]));
  const task = new CallAwsService(scope, id, {
    service: 's3',
    action: 'putObject',
    iamAction: 's3:PutObject',
    iamResources: [props.bucket.arnForObjects('runs/*')],
    parameters: {
      Bucket: props.bucket.bucketName,
      Key: JsonPath.format(
        `runs/{}/failures/${props.stage}-${props.namePaths.map(() => '{}').join('_')}.json`,
        ...['$.runId', ...props.namePaths].map((path) => JsonPath.stringAt(path)),
      ),
      Body: { stage: props.stage, item, error: JsonPath.objectAt('$.error') },
    },
    resultPath: JsonPath.DISCARD,
  });
  task.addRetry(S3_FAULTS);
  return task;
}
