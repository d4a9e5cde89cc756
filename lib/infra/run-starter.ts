import { Duration } from 'aws-cdk-lib';
import {
  DefinitionBody,
  JitterType,
  JsonPath,
  Pass,
  type StateMachine,
  Succeed,
  TaskInput,
} from 'aws-cdk-lib/aws-stepfunctions';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { loggedMachine } from './logged-machine.ts';

interface RunStarterProps {
  /** The machine that is started. */
  readonly stateMachine: StateMachine;
  readonly logDays: number;
}

/**
 * Starts a run under the name of its schedule and its time (`WatchList-2026-11-20T09-30-00Z`). EventBridge Scheduler
 * may deliver twice. It cannot name an execution itself, because its time has colons, which a name must not have. A
 * second delivery finds the name taken, and ends well.
 */
export class RunStarter extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, { stateMachine, logDays }: RunStarterProps) {
    super(scope, id);
    const part = (index: number) =>
      JsonPath.arrayGetItem(JsonPath.stringSplit(JsonPath.stringAt('$.scheduledTime'), ':'), index);
    const name = new Pass(this, 'NameRun', {
      parameters: {
        runId: JsonPath.format('{}-{}-{}-{}', JsonPath.stringAt('$.schedule'), part(0), part(1), part(2)),
        request: JsonPath.objectAt('$.request'),
      },
    });
    const start = new StepFunctionsStartExecution(this, 'StartRun', {
      stateMachine,
      name: JsonPath.stringAt('$.runId'),
      input: TaskInput.fromJsonPathAt('$.request'),
    });
    start.addRetry({
      errors: [
        'StepFunctions.ExecutionLimitExceededException',
        'StepFunctions.SfnException',
        'StepFunctions.SdkClientException',
      ],
      interval: Duration.seconds(5),
      backoffRate: 2,
      maxAttempts: 5,
      jitterStrategy: JitterType.FULL,
    });
    start.addCatch(new Succeed(this, 'AlreadyStarted'), {
      errors: ['StepFunctions.ExecutionAlreadyExistsException'],
    });
    this.stateMachine = loggedMachine(this, {
      comment: 'Start a run under the name of its schedule and time, once',
      definitionBody: DefinitionBody.fromChainable(name.next(start)),
      timeout: Duration.minutes(10),
      logDays,
    });
  }
}
