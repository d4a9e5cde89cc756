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

/** Of each map: the field that says where its items are, and the names of its children's states. */
const MAPS = {
  Refine: {
    items: 'seriesKey',
    series: 'RefineSeries',
    done: 'SeriesDone',
    refined: 'SeriesRefined',
    failure: 'RecordRefineFailure',
  },
  RefineHoles: {
    items: 'holes.seriesKey',
    series: 'RefineHolesSeries',
    done: 'HolesSeriesDone',
    refined: 'HolesSeriesRefined',
    failure: 'RecordRefineHolesFailure',
  },
} as const;

/** Refines every series. One too long for a single invocation gives a cursor back, and is invoked again with it. */
export function refineMap(scope: Construct, id: keyof typeof MAPS, props: RefineMapProps): DistributedMap {
  const names = MAPS[id];
  const refine = new LambdaInvoke(scope, names.series, {
    lambdaFunction: props.refine,
    retryOnServiceExceptions: false,
    outputPath: '$.Payload',
  });
  // Bytes may be damaged on their way out of S3 too.
  refine.addRetry(CORRUPT_OBJECT).addRetry(CUT_OFF).addRetry(LAMBDA_FAULTS);
  refine.addCatch(
    recordFailure(scope, names.failure, {
      bucket: props.bucket,
      stage: 'refine',
      itemFields: ['runId', 'series'],
      namePaths: ['$.series.market', '$.series.symbol', '$.series.interval'],
    }),
    { resultPath: '$.error' },
  );
  refine.next(
    new Choice(scope, names.done)
      .when(Condition.booleanEquals('$.done', false), refine)
      .otherwise(new Succeed(scope, names.refined)),
  );
  return planMap(scope, id, { ...props, itemsField: names.items, child: refine });
}
