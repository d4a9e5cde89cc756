import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import {
  Choice,
  Condition,
  DefinitionBody,
  Fail,
  type IChainable,
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

interface RunMachineProps {
  readonly bucket: IBucket;
  readonly stages: Readonly<Record<RunStage, StageFunction>>;
  readonly concurrency: LakeConfig['concurrency'];
  readonly logDays: number;
}

/**
 * One run: Plan → FetchArchive → FetchRest → Refine → PlanHoles → Catalogue. If archive files lacked candles that REST
 * can supply, FetchHoles and RefineHoles come before Catalogue. Then the streams' maps run, if the request wants
 * streams. A map without items is passed by. A failed item is written down, and the other items go on. The run then
 * ends with the error RunIncomplete, whose cause says what is missing.
 */
export class RunMachine extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, props: RunMachineProps) {
    super(scope, id);
    const { bucket, stages } = props;
    this.stateMachine = loggedMachine(this, {
      stateMachineType: StateMachineType.STANDARD,
      comment: 'Plan, fetch, refine and catalogue the candles of one request',
      definitionBody: DefinitionBody.fromChainable(this.#definition(props)),
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

  #definition({ bucket, stages, concurrency }: RunMachineProps): IChainable {
    const fetch = stages.fetch.version;
    const refine = stages.refine.version;
    const refining = { bucket, refine, maxConcurrency: concurrency.refine };
    const withStreams = streamMaps(this, { bucket, fetch, refine, concurrency }).next(
      this.#catalogue(stages.catalogue.version),
    );
    const fetchHoles = fetchMap(this, 'FetchHoles', {
      bucket,
      fetch,
      itemsField: 'holes.restKey',
      maxConcurrency: concurrency.rest,
    })
      .next(refineMap(this, 'RefineHoles', refining))
      .next(withStreams);
    // A plan has at least one series, so Refine always has items.
    const refined = refineMap(this, 'Refine', refining);
    refined
      .next(this.#planHoles(stages.plan.version))
      .next(
        new Choice(this, 'HolesFound')
          .when(Condition.numberGreaterThan('$.holes.chunks', 0), fetchHoles)
          .otherwise(withStreams),
      );
    const fetched = fetchMaps(this, 'candles', { bucket, fetch, concurrency, next: refined }).otherwise(refined);
    return this.#plan(stages.plan.version).next(fetched);
  }

  #plan(lambdaFunction: IFunction) {
    const payload = { runId: JsonPath.stringAt('$$.Execution.Name'), request: JsonPath.objectAt('$') };
    return stageTask(this, 'Plan', {
      lambdaFunction,
      payload: TaskInput.fromObject(payload),
      retries: [EXCHANGE_BUSY],
    });
  }

  #planHoles(lambdaFunction: IFunction) {
    return stageTask(this, 'PlanHoles', {
      lambdaFunction,
      payload: TaskInput.fromObject({ runId: JsonPath.stringAt('$.runId'), holes: true }),
      // The result is put beside the plan's result, which the streams' maps still need.
      resultSelector: {
        chunks: JsonPath.numberAt('$.Payload.chunks'),
        restKey: JsonPath.stringAt('$.Payload.restKey'),
        seriesKey: JsonPath.stringAt('$.Payload.seriesKey'),
      },
      resultPath: '$.holes',
    });
  }

  /** The last steps: Catalogue, and the end as complete or as incomplete. */
  #catalogue(lambdaFunction: IFunction) {
    const payload = { runId: JsonPath.stringAt('$.runId') };
    return stageTask(this, 'Catalogue', { lambdaFunction, payload: TaskInput.fromObject(payload) }).next(
      new Choice(this, 'RunComplete')
        .when(Condition.booleanEquals('$.complete', true), new Succeed(this, 'RunSucceeded'))
        .otherwise(new Fail(this, 'RunIncomplete', { error: 'RunIncomplete', causePath: '$.summary' })),
    );
  }
}
