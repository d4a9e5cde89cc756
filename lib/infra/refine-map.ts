import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Choice, Condition, type DistributedMap, Succeed } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { planMap } from './plan-map.ts';
import { recordFailure } from './record-failure.ts';
import { CORRUPT_OBJECT } from './retries.ts';
import { stageTask } from './stage-task.ts';

interface RefineMapProps {
  readonly bucket: IBucket;
  readonly refine: IFunction;
  readonly maxConcurrency: number;
}

/** For each map: the field with the key of its items, and the names of its children's states. */
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

/** Refines every series. A series too long for one invocation returns a cursor, and is invoked again with it. */
export function refineMap(scope: Construct, id: keyof typeof MAPS, props: RefineMapProps): DistributedMap {
  const names = MAPS[id];
  // Bytes may also be damaged on their way out of S3.
  const refine = stageTask(scope, names.series, { lambdaFunction: props.refine, retries: [CORRUPT_OBJECT] });
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
