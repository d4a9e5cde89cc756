import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { type Chain, Condition, type DistributedMap } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { LakeConfig } from './config.ts';
import { fetchMaps } from './fetch-maps.ts';
import { planMap } from './plan-map.ts';
import { recordFailure } from './record-failure.ts';
import { CORRUPT_OBJECT } from './retries.ts';
import { stageTask } from './stage-task.ts';

interface StreamMapsProps {
  readonly bucket: IBucket;
  readonly fetch: IFunction;
  readonly refine: IFunction;
  readonly concurrency: LakeConfig['concurrency'];
}

/**
 * The states of the streams, if the request wants them: FetchStreamArchive → FetchStreamRest → RefineStreams. They come
 * after the candles, so that candles do not wait for the exchange's slower limits.
 */
export function streamMaps(scope: Construct, { bucket, fetch, refine, concurrency }: StreamMapsProps): Chain {
  const refined = refineStreamsMap(scope, bucket, refine, concurrency.refine);
  return fetchMaps(scope, 'streams', { bucket, fetch, concurrency, next: refined })
    .when(Condition.isPresent('$.streamsKey'), refined)
    .afterwards({ includeOtherwise: true });
}

/** Refines every stream. A finished shard is left alone, so a stream that was cut off is simply tried again. */
function refineStreamsMap(
  scope: Construct,
  bucket: IBucket,
  lambdaFunction: IFunction,
  maxConcurrency: number,
): DistributedMap {
  // Bytes may also be damaged on their way out of S3.
  const refine = stageTask(scope, 'RefineStream', { lambdaFunction, retries: [CORRUPT_OBJECT] });
  refine.addCatch(
    recordFailure(scope, 'RecordRefineStreamFailure', {
      bucket,
      stage: 'refine',
      itemFields: ['runId', 'stream'],
      namePaths: ['$.file'],
    }),
    { resultPath: '$.error' },
  );
  return planMap(scope, 'RefineStreams', { bucket, itemsField: 'streamsKey', maxConcurrency, child: refine });
}
