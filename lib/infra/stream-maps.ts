import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { type Chain, Choice, Condition, type DistributedMap } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import type { LakeConfig } from './config.ts';
import { fetchMap } from './fetch-map.ts';
import { planMap } from './plan-map.ts';
import { recordFailure } from './record-failure.ts';
import { CORRUPT_OBJECT, CUT_OFF, LAMBDA_FAULTS } from './retries.ts';

export interface StreamMapsProps {
  readonly bucket: IBucket;
  readonly fetch: IFunction;
  readonly refine: IFunction;
  readonly concurrency: LakeConfig['concurrency'];
}

/**
 * What is collected beside candles, where the request asked for it: FetchStreamArchive → FetchStreamRest →
 * RefineStreams. It comes after the candles, which do not wait for the exchange's slower limits.
 */
export function streamMaps(scope: Construct, { bucket, fetch, refine, concurrency }: StreamMapsProps): Chain {
  const archive = fetchMap(scope, 'FetchStreamArchive', {
    bucket,
    fetch,
    itemsField: 'streamArchiveKey',
    maxConcurrency: concurrency.archive,
  });
  const rest = fetchMap(scope, 'FetchStreamRest', {
    bucket,
    fetch,
    itemsField: 'streamRestKey',
    maxConcurrency: concurrency.rest,
  });
  const refined = refineStreamsMap(scope, bucket, refine, concurrency.refine);
  return new Choice(scope, 'StreamsWanted')
    .when(Condition.isPresent('$.streamsKey'), archive.next(rest).next(refined))
    .afterwards({ includeOtherwise: true });
}

/** Refines every stream. A shard that is finished is left alone, so that one cut off is simply tried again. */
function refineStreamsMap(
  scope: Construct,
  bucket: IBucket,
  lambdaFunction: IFunction,
  maxConcurrency: number,
): DistributedMap {
  const refine = new LambdaInvoke(scope, 'RefineStream', {
    lambdaFunction,
    retryOnServiceExceptions: false,
    outputPath: '$.Payload',
  });
  // Bytes may be damaged on their way out of S3 too.
  refine.addRetry(CORRUPT_OBJECT).addRetry(CUT_OFF).addRetry(LAMBDA_FAULTS);
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
