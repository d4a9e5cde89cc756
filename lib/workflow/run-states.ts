import type { ContextObject, Definition, DistributedMapState, State, TaskState } from './definition.ts';
import { runDistributedMap } from './distributed-map.ts';
import { libraryDefinition } from './library-definition.ts';
import { ExecutionAbortedError, ExecutionTimeoutError, StateMachine } from './state-machine.ts';
import type { Failed, StatesResult, StatesRun } from './states-run.ts';
import { taskResource } from './task-resources.ts';
import { watchRetries } from './watch-retries.ts';

/** Runs a definition on the library: that of the run, or that of a map's item processor. */
export async function runStates(
  definition: Definition,
  input: unknown,
  run: StatesRun,
  context: ContextObject,
): Promise<StatesResult> {
  const machine = new StateMachine(libraryDefinition(definition, run.waitScale) as never, {
    validationOptions: { noValidate: true },
  });
  const work = Object.entries(definition.States).flatMap(([name, state]) => {
    const handler = stateWork(name, state, run, context);
    return handler ? [[name, handler]] : [];
  });
  const execution = machine.run(input as never, {
    context: { ...context },
    overrides: { taskResourceLocalHandlers: Object.fromEntries(work) },
  });
  run.signal.addEventListener('abort', execution.abort, { once: true });
  if (run.signal.aborted) execution.abort();
  let caught = false;
  const watch = (async () => {
    for await (const event of execution.eventLogs) if (event.type === 'StateCaught') caught = true;
  })();
  try {
    const output = await execution.result;
    await watch;
    return { status: 'SUCCEEDED', output, caught };
  } catch (error) {
    await watch;
    return { ...failure(error), caught };
  } finally {
    run.signal.removeEventListener('abort', execution.abort);
  }
}

/** Returns the work of a state, or undefined if the library does it. */
function stateWork(
  name: string,
  state: State,
  run: StatesRun,
  context: ContextObject,
): ((input: unknown) => Promise<unknown>) | undefined {
  if (state.Type === 'Map') {
    return (input) => runDistributedMap(name, state as DistributedMapState, input, run, context, runStates);
  }
  if (state.Type !== 'Task') return undefined;
  const resource = taskResource((state as TaskState).Resource, run);
  const retryOf = watchRetries(state, run.waitScale);
  return async (parameters) => {
    run.onEvent({ state: name, done: 0, total: 1, failed: 0 });
    const result = await resource(parameters).catch((error: Error) => {
      const retry = retryOf(error);
      if (retry) run.onRetry(name, retry);
      throw error;
    });
    run.onEvent({ state: name, done: 1, total: 1, failed: 0 });
    return result;
  };
}

function failure(error: unknown): Omit<Failed, 'caught'> {
  if (error instanceof ExecutionAbortedError) {
    return { status: 'ABORTED', error: 'Aborted', cause: 'the run was stopped' };
  }
  if (error instanceof ExecutionTimeoutError) {
    return { status: 'TIMED_OUT', error: 'States.Timeout', cause: 'the run took longer than its TimeoutSeconds' };
  }
  // The library wraps what ended the execution.
  const { name, message, cause } = (error as Error).cause as Error;
  return { status: 'FAILED', error: name, cause: message, ...(cause !== undefined && { thrown: cause }) };
}
