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
  /** What stands for the bucket: maps read their items from it, results and failures are written to it. */
  readonly store: ObjectStore;
  /** What each Lambda does, by function name. */
  readonly tasks: Tasks;
  /** Most children of any one map that run at once; the map's own limit holds as well. */
  readonly concurrency?: number;
  readonly onEvent?: (event: WorkflowEvent) => void;
  /** Receives each retry that the definition makes, before its pause. */
  readonly onRetry?: (state: string, retry: Retry) => void;
  /** Ends the run: nothing more is started. What is running is left to itself. */
  readonly signal?: AbortSignal;
  /** Multiplies the pauses before retries. */
  readonly waitScale?: number;
}

/** How the run ended, as DescribeExecution says it. `thrown` is what a task threw, where that ended the run. */
export type WorkflowOutcome = StatesResult;

/**
 * Runs a state machine definition in this process: its states on aws-local-stepfunctions, its Distributed Maps here.
 * @throws Error naming the field where the definition says anything that would not be honoured
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
