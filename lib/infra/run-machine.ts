import { Duration } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import {
  Choice,
  Condition,
  DefinitionBody,
  Fail,
  JsonPath,
  type StateMachine,
  StateMachineType,
  Succeed,
  TaskInput,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { RunStage } from './access.ts';
import { acknowledgeMachine } from './acknowledge-machine.ts';
import type { LakeConfig } from './config.ts';
import { fetchMap } from './fetch-map.ts';
import { fetchMaps } from './fetch-maps.ts';
import { loggedMachine } from './logged-machine.ts';
import { refineMap } from './refine-map.ts';
import { EXCHANGE_BUSY } from './retries.ts';
import type { StageFunction } from './stage-function.ts';
import { stageTask } from './stage-task.ts';
import { streamMaps } from './stream-maps.ts';

export interface RunMachineProps {
  readonly bucket: IBucket;
  readonly stages: Readonly<Record<RunStage, StageFunction>>;
  readonly concurrency: LakeConfig['concurrency'];
  readonly logDays: number;
}

/**
 * One run: Plan → FetchArchive → FetchRest → Refine → PlanHoles → Catalogue. If archive files turned out to lack
 * candles that REST can be asked for, FetchHoles and RefineHoles come before Catalogue; then the streams' maps, if the
 * request wants them. A map without items is passed by. An item that fails is written down and the others go on; the
 * run then ends with the error RunIncomplete and a cause that says what is missing.
 */
export class RunMachine extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, props: RunMachineProps) {
    super(scope, id);
    const { bucket, stages, concurrency } = props;
    const plan = stageTask(this, 'Plan', {
      lambdaFunction: stages.plan.version,
      payload: TaskInput.fromObject({
        runId: JsonPath.stringAt('$$.Execution.Name'),
        request: JsonPath.objectAt('$'),
      }),
      retries: [EXCHANGE_BUSY],
    });
    const catalogue = stageTask(this, 'Catalogue', {
      lambdaFunction: stages.catalogue.version,
      payload: TaskInput.fromObject({ runId: JsonPath.stringAt('$.runId') }),
    });
    const planHoles = stageTask(this, 'PlanHoles', {
      lambdaFunction: stages.plan.version,
      payload: TaskInput.fromObject({ runId: JsonPath.stringAt('$.runId'), holes: true }),
      // Beside the plan's result, which the streams' maps need yet.
      resultSelector: {
        chunks: JsonPath.numberAt('$.Payload.chunks'),
        restKey: JsonPath.stringAt('$.Payload.restKey'),
        seriesKey: JsonPath.stringAt('$.Payload.seriesKey'),
      },
      resultPath: '$.holes',
    });
    const fetch = stages.fetch.version;
    const refine = stages.refine.version;
    const goOn = streamMaps(this, { bucket, fetch, refine, concurrency }).next(catalogue);
    const askAboutHoles = fetchMap(this, 'FetchHoles', {
      bucket,
      fetch,
      itemsField: 'holes.restKey',
      maxConcurrency: concurrency.rest,
    })
      .next(refineMap(this, 'RefineHoles', { bucket, refine, maxConcurrency: concurrency.refine }))
      .next(goOn);
    // A plan has at least one series, so Refine always has items.
    const refined = refineMap(this, 'Refine', { bucket, refine, maxConcurrency: concurrency.refine });
    refined
      .next(planHoles)
      .next(
        new Choice(this, 'HolesFound')
          .when(Condition.numberGreaterThan('$.holes.chunks', 0), askAboutHoles)
          .otherwise(goOn),
      );
    const definition = plan.next(
      fetchMaps(this, 'candles', { bucket, fetch, concurrency, next: refined }).otherwise(refined),
    );
    catalogue.next(
      new Choice(this, 'RunComplete')
        .when(Condition.booleanEquals('$.complete', true), new Succeed(this, 'RunSucceeded'))
        .otherwise(new Fail(this, 'RunIncomplete', { error: 'RunIncomplete', causePath: '$.summary' })),
    );
    this.stateMachine = loggedMachine(this, {
      stateMachineType: StateMachineType.STANDARD,
      comment: 'Plan, fetch, refine and catalogue the candles of one request',
      definitionBody: DefinitionBody.fromChainable(definition),
      timeout: Duration.hours(24),
      logDays: props.logDays,
    });
    acknowledgeMachine(
      this.stateMachine,
      bucket,
      [stages.plan, stages.fetch, stages.refine, stages.catalogue],
      'the plan, the results and the failures of runs',
    );
  }
}
