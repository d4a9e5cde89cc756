import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { DistributedMap } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { planMap } from './plan-map.ts';
import { recordFailure } from './record-failure.ts';
import { CORRUPT_OBJECT, CUT_OFF, EXCHANGE_BUSY, LAMBDA_FAULTS } from './retries.ts';

export interface FetchMapProps {
  readonly bucket: IBucket;
  readonly fetch: IFunction;
  /** Field of the state that says where the batches are. */
  readonly itemsField: 'archiveKey' | 'restKey' | 'holes.restKey' | 'streamArchiveKey' | 'streamRestKey';
  readonly maxConcurrency: number;
}

/** Fetches every batch of chunks; `id` is the name of the state, and what follows `Fetch` in it names the child's. */
export function fetchMap(
  scope: Construct,
  id: 'FetchArchive' | 'FetchRest' | 'FetchHoles' | 'FetchStreamArchive' | 'FetchStreamRest',
  props: FetchMapProps,
): DistributedMap {
  const part = id.slice('Fetch'.length);
  const chunks = part.startsWith('Stream') ? 'streamChunks' : 'chunks';
  const fetch = new LambdaInvoke(scope, `Fetch${part}Batch`, {
    lambdaFunction: props.fetch,
    retryOnServiceExceptions: false,
    outputPath: '$.Payload',
  });
  fetch.addRetry(EXCHANGE_BUSY).addRetry(CORRUPT_OBJECT).addRetry(CUT_OFF).addRetry(LAMBDA_FAULTS);
  fetch.addCatch(
    recordFailure(scope, `RecordFetch${part}Failure`, {
      bucket: props.bucket,
      stage: 'fetch',
      itemFields: ['runId', 'batch', chunks],
      namePaths: ['$.batch'],
    }),
    { resultPath: '$.error' },
  );
  return planMap(scope, id, { ...props, child: fetch });
}
