import type { ObjectStore, Retry } from '../ports.ts';
import type { Definition } from './definition.ts';
import { runStates } from './run-states.ts';
import type { StatesResult, WorkflowEvent } from './states-run.ts';
import { refuseUnsupported } from './supported-fields.ts';
import type { Tasks } from './task-resources.ts';

export type { WorkflowEvent } from './states-run.ts';
export type { Tasks } from './task-resources.ts';

export interface WorkflowOptions {
  /** The definition of the state machine, as synthesised. */
  readonly definition: Readonly<Record<string, unknown>>;
  readonly input: unknown;
  /** Name of the execution, which the definition takes as the id of the run. */
  readonly runId: string;
  /** Takes the place of the bucket: maps read their items from it, and write results and failures to it. */
  readonly store: ObjectStore;
  /** Takes the place of the Lambdas, by function name. */
  readonly tasks: Tasks;
  /** Most children of any one map that run at once; the map's own limit holds as well. */
  readonly concurrency?: number;
  readonly onEvent?: (event: WorkflowEvent) => void;
  /** Receives each retry that the definition makes, before its pause. */
  readonly onRetry?: (state: string, retry: Retry) => void;
  /** Ends the run: nothing more is started. Running tasks are not interrupted. */
  readonly signal?: AbortSignal;
  /** Multiplies the pauses before retries. */
  readonly waitScale?: number;
}

/** The end of the run, in the words of DescribeExecution. `thrown` is the error of the task that ended the run. */
export type WorkflowOutcome = StatesResult;

/**
 * Runs a state machine definition in this process: its states on aws-local-stepfunctions, its Distributed Maps here.
 * @throws Error naming the field if the definition has a field that would not be honoured
 */
export async function runWorkflow(options: WorkflowOptions): Promise<WorkflowOutcome> {
  const definition = options.definition as unknown as Definition;
  refuseUnsupported(definition);
  return runStates(
    definition,
    options.input,
    {
      store: options.store,
      tasks: options.tasks,
      concurrency: options.concurrency ?? Number.POSITIVE_INFINITY,
      waitScale: options.waitScale ?? 1,
      signal: options.signal ?? new AbortController().signal,
      onEvent: options.onEvent ?? (() => {}),
      onRetry: options.onRetry ?? (() => {}),
    },
    { Execution: { Name: options.runId } },
  );
}
