import type { ObjectStore, Retry } from '../ports.ts';
import type { ContextObject, Definition } from './definition.ts';
import type { Tasks } from './task-resources.ts';

/** The progress of one state of the run. A state that is not a map counts as one item. */
export interface WorkflowEvent {
  readonly state: string;
  readonly done: number;
  readonly total: number;
  /** Items that ended in an error, caught ones included. */
  readonly failed: number;
}

/** The parts that every execution of a run shares. */
export interface StatesRun {
  /** Takes the place of the bucket: maps read their items from it, and write results and failures to it. */
  readonly store: ObjectStore;
  /** Takes the place of the Lambdas, by function name. */
  readonly tasks: Tasks;
  /** Most children of any one map that run at once; the map's own limit holds as well. */
  readonly concurrency: number;
  /** Multiplies the pauses before retries. */
  readonly waitScale: number;
  /** Ends the run: nothing more is started. Running tasks are not interrupted. */
  readonly signal: AbortSignal;
  readonly onEvent: (event: WorkflowEvent) => void;
  /** Receives each retry of a state of the run, or of a child of one, before its pause. */
  readonly onRetry: (state: string, retry: Retry) => void;
}

/** The end of one execution, in the words of Step Functions. `caught` is true if a Catch was taken on the way. */
export type StatesResult = Succeeded | Failed;

interface Succeeded {
  readonly status: 'SUCCEEDED';
  readonly output: unknown;
  readonly caught: boolean;
}

export interface Failed {
  readonly status: 'FAILED' | 'ABORTED' | 'TIMED_OUT';
  readonly error: string;
  readonly cause: string;
  /** The error of the task that ended the execution. */
  readonly thrown?: unknown;
  readonly caught: boolean;
}

/** Runs a definition from its first state to its last. */
export type RunStates = (
  definition: Definition,
  input: unknown,
  run: StatesRun,
  context: ContextObject,
) => Promise<StatesResult>;
