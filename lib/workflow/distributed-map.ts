import { setMaxListeners } from 'node:events';
import pLimit from 'p-limit';
import type { Retry } from '../ports.ts';
import { type ContextObject, type DistributedMapState, statesError } from './definition.ts';
import { readItems, selectItem } from './map-items.ts';
import { throughJson } from './payload-limit.ts';
import { type ChildResult, writeResults } from './result-writer.ts';
import type { RunStates, StatesRun } from './states-run.ts';

/** The number of children that Step Functions runs at once if MaxConcurrency is left out. */
const DEFAULT_MAX_CONCURRENCY = 10_000;

/**
 * Runs one Distributed Map. It reads items from the store and runs each through the item processor as its own
 * execution, as many at once as the map and the run allow.
 * @throws States.ExceedToleratedFailureThreshold if more children fail than the map tolerates
 */
export async function runDistributedMap(
  name: string,
  map: DistributedMapState,
  input: unknown,
  run: StatesRun,
  context: ContextObject,
  runStates: RunStates,
): Promise<unknown> {
  const items = await readItems(map, input, context, run.store);
  const limit = pLimit(Math.min(map.MaxConcurrency || DEFAULT_MAX_CONCURRENCY, run.concurrency));
  const results: ChildResult[] = [];
  const stop = new AbortController();
  const signal = AbortSignal.any([run.signal, stop.signal]);
  // Each running child has a listener, and there may be thousands.
  setMaxListeners(0, signal);
  // Only the states of the run itself report progress. A child counts as one item.
  const childRun = {
    ...run,
    signal,
    onEvent: () => {},
    onRetry: (_: string, retry: Retry) => run.onRetry(name, retry),
  };
  let failed = 0;
  let caught = 0;

  const progress = () =>
    run.onEvent({ state: name, done: results.length, total: items.length, failed: failed + caught });
  const runChild = async (item: unknown, index: number): Promise<void> => {
    if (signal.aborted) return;
    const childName = `${context.Execution.Name}:${name}:${index}`;
    const childInput = throughJson(await selectItem(map, item, index, input, context), `item of ${name}`);
    const child = await runStates(map.ItemProcessor, childInput, childRun, { Execution: { Name: childName } });
    // If the map has failed, its running children count as stopped, not as failed.
    if (signal.aborted) return;
    if (child.caught) caught++;
    if (child.status === 'FAILED') failed++;
    const outcome =
      child.status === 'SUCCEEDED' ? { output: child.output } : { error: child.error, cause: child.cause };
    results.push({ name: childName, input: childInput, ...outcome });
    progress();
    if (exceedsTolerance(map, failed, items.length)) stop.abort();
  };
  progress();
  await Promise.all(items.map((item, index) => limit(() => runChild(item, index))));
  // A run that was stopped must write nothing more.
  if (run.signal.aborted) throw run.signal.reason;
  if (stop.signal.aborted) {
    const { error, cause } = results.find((result) => result.error !== undefined)!;
    throw statesError(
      'States.ExceedToleratedFailureThreshold',
      `${failed} of ${items.length} items of ${name} failed, the first with ${error}: ${cause}`,
    );
  }
  return writeResults(map, inOrder(results), input, context, run.store);
}

/** Returns true if the failed children are more than the count, or more than the percentage, that the map tolerates. */
function exceedsTolerance(
  { ToleratedFailureCount, ToleratedFailurePercentage }: DistributedMapState,
  failed: number,
  total: number,
): boolean {
  if (failed === 0) return false;
  if (ToleratedFailureCount === undefined && ToleratedFailurePercentage === undefined) return true;
  const overCount = ToleratedFailureCount !== undefined && failed > ToleratedFailureCount;
  const overPercentage = ToleratedFailurePercentage !== undefined && failed * 100 > ToleratedFailurePercentage * total;
  return overCount || overPercentage;
}

function inOrder(results: readonly ChildResult[]): readonly ChildResult[] {
  const index = ({ name }: ChildResult) => Number(name.slice(name.lastIndexOf(':') + 1));
  return [...results].sort((a, b) => index(a) - index(b));
}
