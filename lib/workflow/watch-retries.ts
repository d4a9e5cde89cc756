import type { Retry } from '../ports.ts';
import type { State } from './definition.ts';
import type { Retrier } from './library-definition.ts';

/** Names that match every failure of a task. */
const ANY = ['States.ALL', 'States.TaskFailed'];
const DEFAULT_ATTEMPTS = 3;
const DEFAULT_BACKOFF = 2;

/**
 * Counts the failures of one state in one execution. The returned function returns the retry of a failure and its
 * pause, or undefined if the state's Retry does not retry it. With jitter, the pause is at most that long.
 */
export function watchRetries(state: State, waitScale: number): (error: Error) => Retry | undefined {
  const retriers = (state['Retry'] as Retrier[] | undefined) ?? [];
  const tried = retriers.map(() => 0);
  return (error) => {
    const at = retriers.findIndex(({ ErrorEquals = [] }) =>
      ErrorEquals.some((name) => name === error.name || ANY.includes(name)),
    );
    const retrier = retriers[at];
    if (!retrier) return undefined;
    const { MaxAttempts = DEFAULT_ATTEMPTS, IntervalSeconds = 1, BackoffRate = DEFAULT_BACKOFF } = retrier;
    const before = tried[at]!;
    if (before >= MaxAttempts) return undefined;
    tried[at] = before + 1;
    const pauseSec = Math.min(
      IntervalSeconds * BackoffRate ** before,
      retrier.MaxDelaySeconds ?? Number.POSITIVE_INFINITY,
    );
    const thrown = error.cause instanceof Error ? error.cause : error;
    return { error: thrown, attempt: before + 2, of: MaxAttempts + 1, pauseMs: pauseSec * 1000 * waitScale };
  };
}
