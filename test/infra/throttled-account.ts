/** A retrier, as the definition of a state machine has it. */
export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly BackoffRate: number;
  readonly MaxAttempts: number;
  readonly MaxDelaySeconds: number;
  readonly JitterStrategy: 'FULL';
}

export interface ThrottledMap {
  readonly items: number;
  /** Children that the map runs at once. */
  readonly children: number;
  /** Seconds of one invocation. */
  readonly itemSec: number;
}

export interface Outcome {
  /** Items whose tries were used up. */
  failed: number;
  /** Invocations that Lambda refused. */
  throttles: number;
  /** Refusals of the unluckiest item. */
  mostTries: number;
  endedSec: number;
}

/**
 * Simulates maps that run side by side in an account of `limit` concurrent executions. Lambda refuses an invocation
 * above the limit. The child then waits as its retrier says: interval × rate^tries, at most the longest delay, times a
 * random share (full jitter). A map starts its next child at once, which takes a free place before those that wait: the
 * worst case.
 * @param random uniform in [0, 1)
 */
export function runThrottled(
  maps: readonly ThrottledMap[],
  limit: number,
  retrier: Retrier,
  random: () => number,
): Outcome[] {
  const outcomes = maps.map(() => ({ failed: 0, throttles: 0, mostTries: 0, endedSec: 0 }));
  const events: { readonly atSec: number; readonly run: (nowSec: number) => void }[] = [];
  /** Keeps the events in the order of time. */
  const schedule = (atSec: number, run: (nowSec: number) => void) => {
    let low = 0;
    let high = events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (events[middle]!.atSec <= atSec) low = middle + 1;
      else high = middle;
    }
    events.splice(low, 0, { atSec, run });
  };
  let running = 0;
  maps.forEach(({ items, children, itemSec }, index) => {
    const outcome = outcomes[index]!;
    let started = 0;
    const startNext = (nowSec: number) => {
      outcome.endedSec = nowSec;
      if (started === items) return;
      started += 1;
      invoke(nowSec, 0);
    };
    const invoke = (nowSec: number, tries: number) => {
      if (running < limit) {
        running += 1;
        schedule(nowSec + itemSec, (endSec) => {
          running -= 1;
          startNext(endSec);
        });
        return;
      }
      outcome.throttles += 1;
      if (tries === retrier.MaxAttempts) {
        outcome.failed += 1;
        startNext(nowSec);
        return;
      }
      outcome.mostTries = Math.max(outcome.mostTries, tries + 1);
      const longestSec = Math.min(retrier.IntervalSeconds * retrier.BackoffRate ** tries, retrier.MaxDelaySeconds);
      schedule(nowSec + longestSec * random(), (atSec) => invoke(atSec, tries + 1));
    };
    for (let child = 0; child < Math.min(children, items); child++) schedule(0, startNext);
  });
  for (let event = events.shift(); event; event = events.shift()) event.run(event.atSec);
  return outcomes;
}
