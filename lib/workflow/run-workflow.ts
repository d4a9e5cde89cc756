import type { Definition } from './definition.ts';
import { runStates } from './run-states.ts';
import type { StatesResult, StatesRun } from './states-run.ts';
import { refuseUnsupported } from './supported-fields.ts';

export type { WorkflowEvent } from './states-run.ts';
export type { Tasks } from './task-resources.ts';

export interface WorkflowOptions
  extends Pick<StatesRun, 'store' | 'tasks'>,
    Partial<Omit<StatesRun, 'store' | 'tasks'>> {
  /** The definition of the state machine, as synthesised. */
  readonly definition: Readonly<Record<string, unknown>>;
  readonly input: unknown;
  /** Name of the execution, which the definition takes as the id of the run. */
  readonly runId: string;
}

/** The end of the run, in the words of DescribeExecution. `thrown` is the error of the task that ended the run. */
export type WorkflowOutcome = StatesResult;

/**
 * Runs a state machine definition in this process: its states on aws-local-stepfunctions, its Distributed Maps here.
 * @throws Error naming the field if the definition has a field that would not be honoured
 */
export async function runWorkflow(options: WorkflowOptions): Promise<WorkflowOutcome> {
  const { input, runId, ...given } = options;
  const definition = options.definition as unknown as Definition;
  refuseUnsupported(definition);
  const run: StatesRun = {
    concurrency: Number.POSITIVE_INFINITY,
    waitScale: 1,
    signal: new AbortController().signal,
    onEvent: () => {},
    onRetry: () => {},
    ...given,
  };
  return runStates(definition, input, run, { Execution: { Name: runId } });
}
