import type { Retry } from '../../lib/ports.ts';
import { runWorkflow, type WorkflowEvent, type WorkflowOptions } from '../../lib/workflow/run-workflow.ts';
import { type TemporaryLake, temporaryLake } from '../support/store.ts';
import { synthesisedDefinition } from '../support/synthesised-definition.ts';
import { named, type ToyItems, type ToyRun, toyRun } from './toy-run.ts';

const definition = synthesisedDefinition({ concurrency: { archive: 3, rest: 1, refine: 2 } });
let lake: TemporaryLake;
beforeEach(() => {
  lake = temporaryLake();
});

function run({ tasks }: ToyRun, options: Partial<WorkflowOptions> = {}) {
  return runWorkflow({ definition, input: {}, runId: 'r1', store: lake.store, tasks, waitScale: 0, ...options });
}

const letters = (count: number) => Array.from({ length: count }, (_, index) => `b${index}`);

describe('the synthesised state machine, run locally', () => {
  test('plans, fetches the archive, then REST, refines, looks for holes and catalogues, in this order', async () => {
    const toy = toyRun(lake, { archive: ['a1'], rest: ['r1', 'r2'], symbols: ['BTCUSDT'] });
    const outcome = await run(toy, { input: { symbols: ['BTCUSDT'] } });
    expect(toy.calls).toEqual([
      ...['plan', 'fetch:a1', 'fetch:r1', 'fetch:r2', 'refine:BTCUSDT', 'plan:holes', 'catalogue'],
    ]);
    expect(outcome).toEqual({
      status: 'SUCCEEDED',
      output: { runId: 'r1', complete: true, summary: '' },
      caught: false,
    });
    expect(toy.events[0]).toEqual({ runId: 'r1', request: { symbols: ['BTCUSDT'] } });
    expect(toy.events[1]).toEqual({ runId: 'r1', batch: 'a1', chunks: ['a1'] });
    expect(toy.events.at(-1)).toEqual({ runId: 'r1' });
  });

  test('asks about the holes that refine found, and refines again the series concerned only', async () => {
    const symbols = ['BTCUSDT', 'ETHUSDT'];
    const toy = toyRun(lake, { symbols, holes: { batches: ['h1', 'h2'], symbols: ['ETHUSDT'] } });
    expect((await run(toy, { concurrency: 1 })).status).toBe('SUCCEEDED');
    expect(toy.calls).toEqual([
      ...['plan', 'refine:BTCUSDT', 'refine:ETHUSDT', 'plan:holes'],
      ...['fetch:h1', 'fetch:h2', 'refine:ETHUSDT', 'catalogue'],
    ]);
    expect(toy.events[3]).toEqual({ runId: 'r1', holes: true });
  });

  test('a hole that cannot be asked about, or refined, is written down and stops no other', async () => {
    let refined = 0;
    const toy = toyRun(
      lake,
      { symbols: ['BTCUSDT'], holes: { batches: ['h1', 'h2'], symbols: ['BTCUSDT'] } },
      {
        fetch: (event) =>
          (event as { batch: string }).batch === 'h1' ? Promise.reject(named('ExchangeRefused')) : Promise.resolve({}),
        refine: (event) =>
          refined++ === 0
            ? Promise.resolve({ ...(event as object), done: true })
            : Promise.reject(named('UnexpectedFormat')),
      },
    );
    expect(await run(toy, { concurrency: 1 })).toMatchObject({
      status: 'FAILED',
      cause: 'runs/r1/failures/fetch-h1.json runs/r1/failures/refine-um_BTCUSDT_1m.json',
    });
    expect(toy.calls.slice(-4)).toEqual(['fetch:h1', 'fetch:h2', 'refine:BTCUSDT', 'catalogue']);
  });

  test('does nothing, successfully, if the plan is empty', async () => {
    const toy = toyRun(lake, {});
    expect((await run(toy)).status).toBe('SUCCEEDED');
    expect(toy.calls).toEqual(['plan', 'plan:holes', 'catalogue']);
  });

  test.each([
    { concurrency: undefined, archive: 3, rest: 1, refine: 2 },
    { concurrency: 1, archive: 1, rest: 1, refine: 1 },
    { concurrency: 100, archive: 3, rest: 1, refine: 2 },
  ])('runs as many children at once as map and caller allow ($concurrency)', async ({ concurrency, ...most }) => {
    const running = { archive: 0, rest: 0, refine: 0 };
    const seen = { archive: 0, rest: 0, refine: 0 };
    const busy = async (kind: keyof typeof running, result: object) => {
      seen[kind] = Math.max(seen[kind], ++running[kind]);
      // Long enough for every other child that may start to have started.
      for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
      running[kind]--;
      return result;
    };
    const items: ToyItems = { archive: letters(9), rest: letters(4).map((b) => `rest-${b}`), symbols: letters(7) };
    const toy = toyRun(lake, items, {
      fetch: (event) => busy((event as { batch: string }).batch.startsWith('rest') ? 'rest' : 'archive', {}),
      refine: (event) => busy('refine', { ...(event as object), done: true }),
    });
    expect((await run(toy, concurrency === undefined ? {} : { concurrency })).status).toBe('SUCCEEDED');
    expect(seen).toEqual(most);
    expect(toy.calls).toHaveLength(3 + 9 + 4 + 7);
  });

  test('writes a failed batch down, continues with the others and ends RunIncomplete with the summary', async () => {
    const toy = toyRun(
      lake,
      { archive: ['a1', 'a2', 'a3'], symbols: ['BTCUSDT', 'ETHUSDT'] },
      {
        fetch: async (event) => {
          if ((event as { batch: string }).batch === 'a2') throw named('UnexpectedFormat', 'row 7 has 11 fields');
          return {};
        },
        refine: async (event) => {
          if ((event as { series: { symbol: string } }).series.symbol === 'BTCUSDT') throw named('TypeError', 'oh');
          return { ...(event as object), done: true };
        },
      },
    );
    const outcome = await run(toy);
    expect(outcome).toEqual({
      status: 'FAILED',
      error: 'RunIncomplete',
      cause: 'runs/r1/failures/fetch-a2.json runs/r1/failures/refine-um_BTCUSDT_1m.json',
      caught: false,
    });
    expect(toy.calls.filter((call) => call.startsWith('fetch')).sort()).toEqual(['fetch:a1', 'fetch:a2', 'fetch:a3']);
    expect(toy.calls).toContain('refine:ETHUSDT');
    // As Step Functions gives a Lambda's error: its name, and a cause in JSON.
    expect(await lake.getJson('runs/r1/failures/fetch-a2.json')).toEqual({
      stage: 'fetch',
      item: { runId: 'r1', batch: 'a2', chunks: ['a2'] },
      error: {
        Error: 'UnexpectedFormat',
        Cause: JSON.stringify({ errorType: 'UnexpectedFormat', errorMessage: 'row 7 has 11 fields' }),
      },
    });
    expect(await lake.getJson('runs/r1/failures/refine-um_BTCUSDT_1m.json')).toMatchObject({
      stage: 'refine',
      item: { runId: 'r1', series: { market: 'um', symbol: 'BTCUSDT', interval: '1m' } },
      error: { Error: 'TypeError' },
    });
  });

  test.each([
    ['ExchangeBusy', 6],
    ['CorruptObject', 2],
    ['Lambda.TooManyRequestsException', 301],
    ['Lambda.ServiceException', 7],
    ['Sandbox.Timedout', 3],
    ['ExchangeRefused', 1],
    ['NotPublished', 1],
    ['UnexpectedFormat', 1],
    ['BadInput', 1],
    ['Error', 1],
  ])('asks a batch that fails with %s %d times', async (name, times) => {
    const toy = toyRun(lake, { archive: ['a1'] }, { fetch: () => Promise.reject(named(name)) });
    expect(await run(toy)).toMatchObject({ status: 'FAILED', error: 'RunIncomplete' });
    expect(toy.calls.filter((call) => call === 'fetch:a1')).toHaveLength(times);
  });

  test('a batch that comes right on the second try leaves no failure', async () => {
    let tries = 0;
    const toy = toyRun(
      lake,
      { rest: ['r1'] },
      { fetch: async () => (tries++ === 0 ? Promise.reject(named('ExchangeBusy')) : {}) },
    );
    expect((await run(toy)).status).toBe('SUCCEEDED');
    expect(tries).toBe(2);
  });

  test('comes back to a series with its cursor until it is done', async () => {
    const toy = toyRun(
      lake,
      { symbols: ['BTCUSDT'] },
      {
        refine: async (event) => {
          const { cursor = '2021' } = event as { cursor?: string };
          const next = String(Number(cursor) + 1);
          return { ...(event as object), done: next === '2024', ...(next !== '2024' && { cursor: next }) };
        },
      },
    );
    expect((await run(toy)).status).toBe('SUCCEEDED');
    const cursors = toy.events.filter((event) => 'series' in event).map((event) => event['cursor']);
    expect(cursors).toEqual([undefined, '2022', '2023']);
  });

  test('bad input ends the run in its first state, with what was thrown', async () => {
    const thrown = named('BadInput', "interval must be one of 1m, got '7m'");
    const toy = toyRun(lake, {}, { plan: () => Promise.reject(thrown) });
    const outcome = await run(toy);
    expect(outcome).toMatchObject({ status: 'FAILED', error: 'BadInput' });
    expect(outcome.status !== 'SUCCEEDED' && outcome.thrown).toBe(thrown);
    expect(toy.calls).toEqual(['plan']);
  });

  test('tells how far each state is', async () => {
    const seen: WorkflowEvent[] = [];
    const toy = toyRun(
      lake,
      { archive: ['a1', 'a2'], symbols: ['BTCUSDT'] },
      { fetch: async (e) => ((e as { batch: string }).batch === 'a1' ? Promise.reject(named('BadInput')) : {}) },
    );
    await run(toy, { onEvent: (event) => seen.push(event), concurrency: 1 });
    const text = seen.map(
      ({ state, done, total, failed }) => `${state} ${done}/${total}${failed ? ` -${failed}` : ''}`,
    );
    expect(text).toEqual([
      ...['Plan 0/1', 'Plan 1/1'],
      ...['FetchArchive 0/2', 'FetchArchive 1/2 -1', 'FetchArchive 2/2 -1'],
      ...['Refine 0/1', 'Refine 1/1', 'PlanHoles 0/1', 'PlanHoles 1/1', 'Catalogue 0/1', 'Catalogue 1/1'],
    ]);
  });

  test('tells each retry before its pause, by the state of the run, and none behind the last attempt', async () => {
    const told: [string, Retry][] = [];
    const toy = toyRun(lake, { archive: ['a1'] }, { fetch: () => Promise.reject(named('ExchangeBusy', 'no answer')) });
    await run(toy, { onRetry: (state, retry) => told.push([state, retry]), waitScale: 0.001 });
    expect(told.map(([state, { attempt, of, pauseMs }]) => [state, attempt, of, pauseMs])).toEqual([
      ['FetchArchive', 2, 6, 5],
      ['FetchArchive', 3, 6, 10],
      ['FetchArchive', 4, 6, 20],
      ['FetchArchive', 5, 6, 40],
      ['FetchArchive', 6, 6, 60],
    ]);
    expect(told[0]![1].error).toMatchObject({ name: 'ExchangeBusy', message: 'no answer' });
    expect(toy.calls.filter((call) => call === 'fetch:a1')).toHaveLength(6);
  });

  test('starts nothing more once it is stopped', async () => {
    const stop = new AbortController();
    const toy = toyRun(
      lake,
      { archive: letters(8), symbols: ['BTCUSDT'] },
      {
        fetch: async () => {
          stop.abort();
          return {};
        },
      },
    );
    expect(await run(toy, { signal: stop.signal })).toMatchObject({ status: 'ABORTED' });
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
    // The three that the map allows at once may have begun.
    expect(toy.calls.filter((call) => call.startsWith('fetch')).length).toBeLessThanOrEqual(3);
    expect(toy.calls).not.toContain('refine:BTCUSDT');
    expect(toy.calls).not.toContain('catalogue');
  });

  test('a result larger than Step Functions passes on is an error here too', async () => {
    const toy = toyRun(lake, {}, { plan: async () => ({ padding: 'x'.repeat(262_144) }) });
    expect(await run(toy)).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
    expect(toy.calls).toEqual(['plan']);
  });

  test('the results of each map are in the lake, not in the state', async () => {
    const toy = toyRun(
      lake,
      { archive: ['a1', 'a2'] },
      { fetch: async (event) => ({ got: (event as { batch: string }).batch }) },
    );
    await run(toy);
    const folder = 'runs/r1/maps/FetchArchive/local';
    const manifest = await lake.getJson<{ ResultFiles: Record<string, { Key: string }[]> }>(`${folder}/manifest.json`);
    expect(manifest.ResultFiles).toEqual({
      SUCCEEDED: [{ Key: `${folder}/SUCCEEDED_0.json` }],
      FAILED: [],
      PENDING: [],
    });
    const results = await lake.getJson<{ Output: string }[]>(`${folder}/SUCCEEDED_0.json`);
    expect(results.map(({ Output }) => JSON.parse(Output))).toEqual([{ got: 'a1' }, { got: 'a2' }]);
  });
});
