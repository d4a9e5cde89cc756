import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Choice, Condition, type DistributedMap, Succeed } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { planMap } from './plan-map.ts';
import { recordFailure } from './record-failure.ts';
import { CORRUPT_OBJECT, CUT_OFF, LAMBDA_FAULTS } from './retries.ts';

export interface RefineMapProps {
  readonly bucket: IBucket;
  readonly refine: IFunction;
  readonly maxConcurrency: number;
}

/** Refines every series. One too long for a single invocation gives a cursor back, and is invoked again with it. */
export function refineMap(scope: Construct, id: 'Refine', props: RefineMapProps): DistributedMap {
  const refine = new LambdaInvoke(scope, 'RefineSeries', {
    lambdaFunction: props.refine,
    retryOnServiceExceptions: false,
    outputPath: '$.Payload',
  });
  // Bytes may be damaged on their way out of S3 too.
  refine.addRetry(CORRUPT_OBJECT).addRetry(CUT_OFF).addRetry(LAMBDA_FAULTS);
  refine.addCatch(
    recordFailure(scope, 'RecordRefineFailure', {
      bucket: props.bucket,
      stage: 'refine',
      itemFields: ['runId', 'series'],
      namePaths: ['$.series.market', '$.series.symbol', '$.series.interval'],
    }),
    { resultPath: '$.error' },
  );
  refine.next(
    new Choice(scope, 'SeriesDone')
      .when(Condition.booleanEquals('$.done', false), refine)
      .otherwise(new Succeed(scope, 'SeriesRefined')),
  );
  return planMap(scope, id, { ...props, itemsField: 'seriesKey', child: refine });
}
