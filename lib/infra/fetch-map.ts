import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { DistributedMap } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { RunStep } from '../workflow/run-steps.ts';
import { planMap } from './plan-map.ts';
import { recordFailure } from './record-failure.ts';
import { CORRUPT_OBJECT, EXCHANGE_BUSY } from './retries.ts';
import { stageTask } from './stage-task.ts';

interface FetchMapProps {
  readonly bucket: IBucket;
  readonly fetch: IFunction;
  /** Field of the state that contains the key of the batches. */
  readonly itemsField: 'archiveKey' | 'restKey' | 'holes.restKey' | 'streamArchiveKey' | 'streamRestKey';
  readonly maxConcurrency: number;
}

/** Fetches every batch of chunks. `id` is the name of the state. Its part after `Fetch` names the child's state. */
export function fetchMap(
  scope: Construct,
  id: Extract<RunStep, `Fetch${string}`>,
  props: FetchMapProps,
): DistributedMap {
  const part = id.slice('Fetch'.length);
  const chunks = part.startsWith('Stream') ? 'streamChunks' : 'chunks';
  const fetch = stageTask(scope, `Fetch${part}Batch`, {
    lambdaFunction: props.fetch,
    retries: [EXCHANGE_BUSY, CORRUPT_OBJECT],
  });
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
