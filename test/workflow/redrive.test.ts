import { readEnvironment } from '../../lib/adapters/environment.ts';
import { type ChosenExchange, chooseExchange } from '../../lib/app/choose-exchange.ts';
import { workflowDefinition } from '../../lib/app/workflow-definition.ts';
import type { FetchInput } from '../../lib/lake/fetch/contract.ts';
import { runWorkflow, type Tasks } from '../../lib/workflow/run-workflow.ts';
import { parquetHashes } from '../support/parquet.ts';
import { stagesOf } from '../support/stages.ts';
import { type TemporaryLake, temporaryLake } from '../support/store.ts';

/** Monthly files, daily files and REST. */
const REQUEST = { market: 'sim', symbols: ['BTCUSDT', 'ETHUSDT'], interval: '1h', from: '2024-01-20' };
const definition = workflowDefinition();
const options = { definition, input: REQUEST, runId: 'r1', waitScale: 0 };
let exchange: ChosenExchange;
/** A lake that no run was cut off in. */
let whole: TemporaryLake;
beforeAll(async () => {
  exchange = await chooseExchange(readEnvironment({ CANDLELAKE_NOW: '2024-03-02T10:00:00Z' }), { source: 'simulated' });
  whole = temporaryLake();
  expect(await runWorkflow({ ...options, store: whole.store, tasks: stagesOver(whole) })).toMatchObject({
    status: 'SUCCEEDED',
  });
});
afterAll(() => exchange.close());

function stagesOver({ store }: TemporaryLake): Tasks {
  const { http, clock, urls, clockFixed } = exchange;
  return stagesOf({ store, http, clock, urls, clockFixed });
}

/** The function that each state invokes, and whether an item belongs to it. */
const INVOKED: Readonly<Record<string, (stage: string, event: unknown) => boolean>> = {
  Plan: (stage) => stage === 'plan',
  FetchArchive: (stage, event) => stage === 'fetch' && !(event as FetchInput).batch.startsWith('rest'),
  FetchRest: (stage, event) => stage === 'fetch' && (event as FetchInput).batch.startsWith('rest'),
  Refine: (stage) => stage === 'refine',
  Catalogue: (stage) => stage === 'catalogue',
};

/** Items of the state that are done before the run is cut off, if it has more than one. */
const DONE_BEFORE: Readonly<Record<string, number>> = { FetchArchive: 1, Refine: 1 };

test.each(Object.keys(INVOKED))(
  'a run that was cut off in %s goes on there, by what that state was given, and lacks nothing',
  async (state) => {
    const lake = temporaryLake();
    const stages = stagesOver(lake);
    let planned: unknown;
    let calls = 0;
    const controller = new AbortController();
    const cutOff = Object.entries(stages).map(([stage, work]) => [
      stage,
      async (event: unknown) => {
        if (INVOKED[state]!(stage, event) && calls++ >= (DONE_BEFORE[state] ?? 0)) {
          controller.abort();
          throw new Error('cut off');
        }
        const result = await work(event);
        if (stage === 'plan') planned = result;
        return result;
      },
    ]);
    const tasks = Object.fromEntries(cutOff) as Tasks;
    const { signal } = controller;
    const first = await runWorkflow({ ...options, store: lake.store, tasks, signal, concurrency: 1 });
    expect(first.status).not.toBe('SUCCEEDED');
    expect(signal.aborted).toBe(true);
    expect(await lake.store.get('runs/r1/report.json')).toBeUndefined();

    const again = await runWorkflow({
      ...options,
      definition: { ...definition, StartAt: state },
      input: state === 'Plan' ? REQUEST : planned,
      store: lake.store,
      tasks: stages,
    });
    expect(again).toMatchObject({ status: 'SUCCEEDED', output: { complete: true } });
    const hashes = parquetHashes(whole.store.url);
    expect(Object.keys(hashes)).toHaveLength(2 * 4);
    expect(parquetHashes(lake.store.url)).toEqual(hashes);
  },
);
