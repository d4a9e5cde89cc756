import { setMaxListeners } from 'node:events';
import pLimit from 'p-limit';
import type { ContextObject, DistributedMapState } from './definition.ts';
import { readItems } from './item-reader.ts';
import { selectItem } from './item-selector.ts';
import { throughJson } from './payload-limit.ts';
import { type ChildResult, writeResults } from './result-writer.ts';
import { statesError } from './states-error.ts';
import type { RunStates, StatesRun } from './states-run.ts';
import { exceedsTolerance } from './tolerated-failure.ts';

/** What Step Functions runs at once where MaxConcurrency is not given. */
const DEFAULT_MAX_CONCURRENCY = 10_000;

/**
 * Runs one Distributed Map: items from the store, each through the item processor as an execution of its own, so many at
 * once as the map and the run allow. @throws States.ExceedToleratedFailureThreshold where more fail than are tolerated
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
  // One listener a running child, of which there may be thousands.
  setMaxListeners(0, signal);
  let failed = 0;
  let caught = 0;

  const progress = () =>
    run.onEvent({ state: name, done: results.length, total: items.length, failed: failed + caught });
  progress();
  await Promise.all(
    items.map((item, index) =>
      limit(async () => {
        if (signal.aborted) return;
        const childName = `${context.Execution.Name}:${name}:${index}`;
        const childInput = throughJson(await selectItem(map, item, index, input, context), `item of ${name}`);
        const child = await runStates(
          map.ItemProcessor,
          childInput,
          // Only the states of the run itself report progress; a child counts as one item.
          { ...run, signal, onEvent: () => {}, onRetry: (_, retry) => run.onRetry(name, retry) },
          { Execution: { Name: childName } },
        );
        // Running children of a map that has failed are stopped, not failed.
        if (signal.aborted) return;
        if (child.caught) caught++;
        if (child.status === 'FAILED') failed++;
        results.push({
          name: childName,
          input: childInput,
          ...(child.status === 'SUCCEEDED' ? { output: child.output } : { error: child.error, cause: child.cause }),
        });
        progress();
        if (exceedsTolerance(map, failed, items.length)) stop.abort();
      }),
    ),
  );
  // Nobody waits for a run that was stopped; what matters is that it writes nothing more.
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

function inOrder(results: readonly ChildResult[]): readonly ChildResult[] {
  const index = ({ name }: ChildResult) => Number(name.slice(name.lastIndexOf(':') + 1));
  return [...results].sort((a, b) => index(a) - index(b));
}
