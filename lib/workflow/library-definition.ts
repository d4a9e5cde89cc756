import type { Definition, State } from './definition.ts';

/** The longest time that a timer holds. Without TimeoutSeconds, the library would end a task after a minute. */
const LONGEST_TIMEOUT_SEC = 2_147_483;

/**
 * Returns the definition for the library. Each Distributed Map becomes a task, which runs the map. Tasks may last as
 * long as they need. Pauses before retries are multiplied by `waitScale`.
 */
export function libraryDefinition(definition: Definition, waitScale: number): Definition {
  const states = Object.entries(definition.States).map(([name, state]) => [name, libraryState(state, waitScale)]);
  return { ...definition, States: Object.fromEntries(states) as Record<string, State> };
}

function libraryState(state: State, waitScale: number): State {
  const liftedMap = {
    ItemProcessor: undefined,
    ItemReader: undefined,
    ItemSelector: undefined,
    ResultWriter: undefined,
  };
  const lifted = state.Type === 'Map' ? { ...state, ...liftedMap, Type: 'Task', Resource: 'local:map' } : state;
  if (lifted.Type !== 'Task') return lifted;
  const retriers = (state['Retry'] as Retrier[] | undefined) ?? [];
  return {
    ...lifted,
    TimeoutSeconds: state['TimeoutSeconds'] ?? LONGEST_TIMEOUT_SEC,
    Retry: retriers.map((retrier) => scaleRetrier(retrier, waitScale)),
  };
}

/** One entry of a state's Retry. */
export interface Retrier {
  readonly ErrorEquals?: readonly string[];
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly IntervalSeconds?: number;
  readonly MaxDelaySeconds?: number;
}

function scaleRetrier(retrier: Retrier, waitScale: number): Retrier {
  const { IntervalSeconds = 1, MaxDelaySeconds } = retrier;
  return {
    ...retrier,
    IntervalSeconds: IntervalSeconds * waitScale,
    ...(MaxDelaySeconds !== undefined && { MaxDelaySeconds: MaxDelaySeconds * waitScale }),
  };
}
