import { Duration, RemovalPolicy, Token, Validations } from 'aws-cdk-lib';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import {
  type CfnStateMachine,
  Choice,
  Condition,
  DefinitionBody,
  Fail,
  JsonPath,
  LogLevel,
  StateMachine,
  StateMachineType,
  Succeed,
  TaskInput,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import type { LambdaStage } from './access.ts';
import type { LakeConfig } from './config.ts';
import { fetchMap } from './fetch-map.ts';
import { refineMap } from './refine-map.ts';
import { EXCHANGE_BUSY, LAMBDA_FAULTS } from './retries.ts';
import { acknowledgePrefixes, type StageFunction } from './stage-function.ts';
import { streamMaps } from './stream-maps.ts';

export interface RunMachineProps {
  readonly bucket: IBucket;
  readonly stages: Readonly<Record<LambdaStage, StageFunction>>;
  readonly concurrency: LakeConfig['concurrency'];
  readonly logDays: number;
}

/**
 * One run: Plan → FetchArchive → FetchRest → Refine → (the streams, where asked for) → Catalogue. An item that fails is written down and the others go
 * on; the run then ends with the error RunIncomplete and a cause that says what is missing.
 */
export class RunMachine extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, props: RunMachineProps) {
    super(scope, id);
    const { bucket, stages, concurrency } = props;
    const plan = new LambdaInvoke(this, 'Plan', {
      lambdaFunction: stages.plan.function,
      payload: TaskInput.fromObject({
        runId: JsonPath.stringAt('$$.Execution.Name'),
        request: JsonPath.objectAt('$'),
      }),
      retryOnServiceExceptions: false,
      outputPath: '$.Payload',
    });
    plan.addRetry(EXCHANGE_BUSY).addRetry(LAMBDA_FAULTS);
    const catalogue = new LambdaInvoke(this, 'Catalogue', {
      lambdaFunction: stages.catalogue.function,
      payload: TaskInput.fromObject({ runId: JsonPath.stringAt('$.runId') }),
      retryOnServiceExceptions: false,
      outputPath: '$.Payload',
    });
    catalogue.addRetry(LAMBDA_FAULTS);
    const fetch = stages.fetch.function;
    const definition = plan
      .next(
        fetchMap(this, 'FetchArchive', {
          bucket,
          fetch,
          itemsField: 'archiveKey',
          maxConcurrency: concurrency.archive,
        }),
      )
      .next(fetchMap(this, 'FetchRest', { bucket, fetch, itemsField: 'restKey', maxConcurrency: concurrency.rest }))
      .next(refineMap(this, 'Refine', { bucket, refine: stages.refine.function, maxConcurrency: concurrency.refine }))
      .next(streamMaps(this, { bucket, fetch, refine: stages.refine.function, concurrency }))
      .next(catalogue)
      .next(
        new Choice(this, 'RunComplete')
          .when(Condition.booleanEquals('$.complete', true), new Succeed(this, 'RunSucceeded'))
          .otherwise(new Fail(this, 'RunIncomplete', { error: 'RunIncomplete', causePath: '$.summary' })),
      );
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineType: StateMachineType.STANDARD,
      comment: 'Plan, fetch, refine and catalogue the candles of one request',
      definitionBody: DefinitionBody.fromChainable(definition),
      timeout: Duration.hours(24),
      tracingEnabled: true,
      logs: {
        destination: new LogGroup(this, 'Log', {
          retention: props.logDays as RetentionDays,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
        level: LogLevel.ALL,
        includeExecutionData: false,
      },
    });
    this.#acknowledge(props);
  }

  /** Every wildcard in the machine's role, with the reason for it. */
  #acknowledge({ bucket, stages }: RunMachineProps): void {
    acknowledgePrefixes(this.stateMachine, bucket, ['runs/'], 'the plan, the results and the failures of runs');
    const acknowledge = (resource: string, reason: string) =>
      Validations.of(this.stateMachine).acknowledge({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason });
    for (const { function: lambda } of Object.values(stages)) {
      const logicalId = lambda.stack.getLogicalId(lambda.node.defaultChild as CfnFunction);
      acknowledge(`<${logicalId}.Arn>:*`, 'Versions and aliases of the one function that the state invokes.');
    }
    acknowledge(
      '*',
      'X-Ray and the delivery of logs know no resources; the actions are those that the service asks for.',
    );
    const { stack } = this.stateMachine;
    const machine = JSON.stringify({
      'Fn::Select': [
        6,
        { 'Fn::Split': [':', { Ref: stack.getLogicalId(this.stateMachine.node.defaultChild as CfnStateMachine) }] },
      ],
    });
    const known = (value: string, name: string) => (Token.isUnresolved(value) ? `<${name}>` : value);
    const place = `${known(stack.region, 'AWS::Region')}:${known(stack.account, 'AWS::AccountId')}`;
    const executions = `arn:${known(stack.partition, 'AWS::Partition')}:states:${place}:execution:${machine}`;
    const reason =
      'Executions of this one machine, which have no names before they run: a Distributed Map starts itself.';
    acknowledge(`${executions}:*`, reason);
    acknowledge(`${executions}/*:*`, reason);
  }
}
