import { workflowDefinition } from '../../lib/app/workflow-definition.ts';
import { readConfig } from '../../lib/infra/config.ts';
import { seededRandom } from '../support/random.ts';
import { type Retrier, runThrottled, type ThrottledMap } from './throttled-account.ts';

/** Concurrent executions of a new AWS account. */
const NEW_ACCOUNT = 10;
const ITEMS = 600;

interface State {
  readonly ItemProcessor: { readonly States: Record<string, { readonly Retry?: readonly Retrier[] }> };
}

const definition = workflowDefinition();
const states = definition['States'] as Record<string, State>;
const retriers = states['Refine']!.ItemProcessor.States['RefineSeries']!.Retry!;
const throttled = retriers.find(({ ErrorEquals }) => ErrorEquals.includes('Lambda.TooManyRequestsException'))!;
const { concurrency } = readConfig(() => undefined);

/** 600 items of this many seconds; the longest a series has before it hands on its cursor is 660 s. */
const SECONDS = [0.5, 2, 5, 10, 145, 660];
const SEEDS = [1, 2, 3, 4, 5];

function failedOf(maps: readonly ThrottledMap[], retrier: Retrier, seed: number): number {
  return runThrottled(maps, NEW_ACCOUNT, retrier, seededRandom(seed).next).reduce((sum, { failed }) => sum + failed, 0);
}

describe('an account that runs ten functions at once', () => {
  test('is not throttled by the defaults: the whole market, a watch list and an audit side by side', () => {
    const market = Math.max(concurrency.archive, concurrency.rest, concurrency.refine);
    const maps = [market, Math.min(2, market), concurrency.audit].map((children) => ({
      items: ITEMS,
      children,
      itemSec: 10,
    }));
    expect(runThrottled(maps, NEW_ACCOUNT, throttled, seededRandom(1).next).map(({ throttles }) => throttles)).toEqual([
      0, 0, 0,
    ]);
  });

  test.each(SECONDS)('loses no item of 600 that take %d s if a deployment asks for fifty at once', (itemSec) => {
    for (const seed of SEEDS) expect(failedOf([{ items: ITEMS, children: 50, itemSec }], throttled, seed)).toBe(0);
  });

  test('loses no item if the whole market, a watch list and an audit all ask for more than there is', () => {
    const maps = [
      { items: ITEMS, children: 50, itemSec: 10 },
      { items: ITEMS, children: 50, itemSec: 145 },
      { items: 200, children: 10, itemSec: 60 },
    ];
    for (const seed of SEEDS) expect(failedOf(maps, throttled, seed)).toBe(0);
  });

  test('waits with a patience that outlasts the run', () => {
    const pausesSec = Array.from(
      { length: throttled.MaxAttempts },
      (_, tries) => Math.min(throttled.IntervalSeconds * throttled.BackoffRate ** tries, throttled.MaxDelaySeconds) / 2,
    );
    const patienceSec = pausesSec.reduce((sum, pause) => sum + pause, 0);
    expect(throttled.JitterStrategy).toBe('FULL');
    expect(patienceSec).toBeGreaterThan(definition['TimeoutSeconds'] as number);
    // Five events a try, in a history of 25,000 at most.
    expect(5 * throttled.MaxAttempts).toBeLessThan(25_000 / 10);
  });

  test('would lose items with the six tries that other faults of Lambda are worth', () => {
    const faults = retriers.find(({ ErrorEquals }) => ErrorEquals.includes('Lambda.ServiceException'))!;
    for (const itemSec of [2, 5, 10, 145]) {
      expect(failedOf([{ items: ITEMS, children: 50, itemSec }], faults, 1)).toBeGreaterThan(ITEMS / 50);
    }
  });
});
