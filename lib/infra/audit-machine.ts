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
import { acknowledgeMachine } from './acknowledge-machine.ts';
import { loggedMachine } from './logged-machine.ts';
import { planMap } from './plan-map.ts';
import { recordFailure } from './record-failure.ts';
import type { StageFunction } from './stage-function.ts';
import { stageTask } from './stage-task.ts';

interface AuditMachineProps {
  readonly bucket: IBucket;
  readonly audit: StageFunction;
  /** Series and streams audited at once. Each series requests its samples from REST. */
  readonly maxConcurrency: number;
  readonly logDays: number;
}

/**
 * One audit: ListSeries → AuditSeries (a child per series and stream) → ReportAudit. If something is wrong or differs,
 * it ends failed with the error AuditFailed and the counts of the findings, so that an alarm rings.
 */
export class AuditMachine extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, { bucket, audit, maxConcurrency, logDays }: AuditMachineProps) {
    super(scope, id);
    const invoke = (name: string, payload?: TaskInput) =>
      stageTask(this, name, { lambdaFunction: audit.version, ...(payload && { payload }) });
    const list = invoke(
      'ListSeries',
      TaskInput.fromObject({
        runId: JsonPath.stringAt('$$.Execution.Name'),
        request: JsonPath.objectAt('$'),
      }),
    );
    const auditOne = invoke('AuditOneSeries');
    auditOne.addCatch(
      recordFailure(this, 'RecordAuditFailure', {
        bucket,
        stage: 'audit',
        itemFields: ['runId', 'file'],
        namePaths: ['$.file'],
      }),
      { resultPath: '$.error' },
    );
    const definition = list
      .next(planMap(this, 'AuditSeries', { bucket, itemsField: 'seriesKey', maxConcurrency, child: auditOne }))
      .next(invoke('ReportAudit'))
      .next(
        new Choice(this, 'AuditClean')
          .when(Condition.booleanEquals('$.clean', true), new Succeed(this, 'AuditSucceeded'))
          .otherwise(new Fail(this, 'AuditFailed', { error: 'AuditFailed', causePath: '$.summary' })),
      );
    this.stateMachine = loggedMachine(this, {
      stateMachineType: StateMachineType.STANDARD,
      comment: 'Audit the lake, a series at a time',
      definitionBody: DefinitionBody.fromChainable(definition),
      timeout: Duration.hours(24),
      logDays,
    });
    acknowledgeMachine(this.stateMachine, bucket, [audit], 'the items, the results and the failures of audits');
  }
}
