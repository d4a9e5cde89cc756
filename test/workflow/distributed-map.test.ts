import type { Tasks } from '../../lib/workflow/run-workflow.ts';
import { runWorkflow } from '../../lib/workflow/run-workflow.ts';
import { type TemporaryLake, temporaryLake } from '../support/store.ts';
import { named } from './toy-run.ts';

let lake: TemporaryLake;
beforeEach(() => {
  lake = temporaryLake();
});

/** A machine that is one map over `items.json`, whose child calls `work`. */
function mapOf(fields: Record<string, unknown>, child: Record<string, unknown> = {}): Record<string, unknown> {
  const work = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', OutputPath: '$.Payload', End: true };
  const parameters = { FunctionName: 'work', 'Payload.$': '$' };
  return {
    StartAt: 'Each',
    States: {
      Each: {
        Type: 'Map',
        ItemReader: {
          Resource: 'arn:aws:states:::s3:getObject',
          ReaderConfig: { InputType: 'JSON' },
          Parameters: { Bucket: 'lake', 'Key.$': '$.key' },
        },
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          StartAt: 'Work',
          States: { Work: { ...work, Parameters: parameters, ...child } },
        },
        End: true,
        ...fields,
      },
    },
  };
}

async function run(definition: Record<string, unknown>, work: Tasks[string], items: unknown = [1, 2, 3, 4]) {
  await lake.putJson('items.json', items);
  const input = { key: 'items.json', shared: 'all' };
  return runWorkflow({ definition, input, runId: 'r1', store: lake.store, tasks: { work }, waitScale: 0 });
}

const failOn = (bad: readonly number[]) => async (item: unknown) => {
  if (bad.includes(item as number)) throw named('Odd', `item ${String(item)}`);
  return item;
};

describe('Distributed Map', () => {
  test('gives back the outputs in the order of the items', async () => {
    const slowFirst = async (item: unknown) => {
      for (let turn = 0; turn < 10 - (item as number); turn++) await new Promise(setImmediate);
      return (item as number) * 10;
    };
    expect(await run(mapOf({}), slowFirst)).toMatchObject({ status: 'SUCCEEDED', output: [10, 20, 30, 40] });
  });

  test('ItemSelector sees the item, its index and the input of the map', async () => {
    const selector = {
      'item.$': '$$.Map.Item.Value',
      'index.$': '$$.Map.Item.Index',
      'shared.$': '$.shared',
      'run.$': '$$.Execution.Name',
    };
    const outcome = await run(mapOf({ ItemSelector: selector }), async (event) => event, ['x', 'y']);
    expect(outcome).toMatchObject({
      output: [
        { item: 'x', index: 0, shared: 'all', run: 'r1' },
        { item: 'y', index: 1, shared: 'all', run: 'r1' },
      ],
    });
  });

  test('a child is an execution of its own, with a name of its own', async () => {
    const outcome = await run(
      mapOf({}, { Parameters: { FunctionName: 'work', Payload: { 'name.$': '$$.Execution.Name' } } }),
      async (event) => (event as { name: string }).name,
      [1, 2],
    );
    expect(outcome).toMatchObject({ output: ['r1:Each:0', 'r1:Each:1'] });
  });

  test.each([
    [{}, [1], 'FAILED'],
    [{ ToleratedFailureCount: 1 }, [2], 'SUCCEEDED'],
    [{ ToleratedFailureCount: 1 }, [2, 3], 'FAILED'],
    [{ ToleratedFailurePercentage: 50 }, [1, 2], 'SUCCEEDED'],
    [{ ToleratedFailurePercentage: 49.9 }, [1, 2], 'FAILED'],
    [{ ToleratedFailurePercentage: 100 }, [1, 2, 3, 4], 'SUCCEEDED'],
    // Whichever is passed first fails the map.
    [{ ToleratedFailureCount: 1, ToleratedFailurePercentage: 100 }, [1, 2], 'FAILED'],
  ])('%j with items %j failing: %s', async (tolerance, bad, status) => {
    const outcome = await run(mapOf(tolerance), failOn(bad));
    const passed = [1, 2, 3, 4].filter((item) => !bad.includes(item));
    const expected =
      status === 'SUCCEEDED' ? { status, output: passed } : { error: 'States.ExceedToleratedFailureThreshold' };
    expect(outcome).toMatchObject(expected);
  });

  test('starts no further children once it has failed', async () => {
    const begun: unknown[] = [];
    await run(mapOf({ MaxConcurrency: 1 }), async (item) => {
      begun.push(item);
      throw named('Odd');
    });
    expect(begun).toEqual([1]);
  });

  test('its own Catch takes the failure', async () => {
    const definition = mapOf({
      Catch: [{ ErrorEquals: ['States.ExceedToleratedFailureThreshold'], ResultPath: '$.error', Next: 'Sorry' }],
    });
    (definition['States'] as Record<string, unknown>)['Sorry'] = { Type: 'Pass', End: true };
    const outcome = await run(definition, failOn([2]));
    expect(outcome).toMatchObject({
      output: { shared: 'all', error: { Error: 'States.ExceedToleratedFailureThreshold' } },
    });
  });

  test('failed children are in the results as FAILED', async () => {
    const writer = { Resource: 'arn:aws:states:::s3:putObject', Parameters: { Bucket: 'lake', Prefix: 'out' } };
    const outcome = await run(mapOf({ ResultWriter: writer, ToleratedFailureCount: 4 }), failOn([3]));
    expect(outcome).toMatchObject({
      output: { ResultWriterDetails: { Bucket: 'lake', Key: 'out/local/manifest.json' } },
    });
    const failed = await lake.getJson<Record<string, unknown>[]>('out/local/FAILED_0.json');
    expect(failed).toEqual([
      expect.objectContaining({ Name: 'r1:Each:2', Input: '3', Status: 'FAILED', Error: 'Odd' }),
    ]);
  });

  test.each([
    ['is not there', undefined, 'items must be at items.json, got no object'],
    ['is no array', { a: 1 }, 'items at items.json must be a JSON array, got object'],
  ])('fails with States.ItemReaderFailed where the file %s', async (_, items, cause) => {
    if (items !== undefined) await lake.putJson('items.json', items);
    const outcome = await runWorkflow({
      definition: mapOf({}),
      input: { key: 'items.json' },
      runId: 'r1',
      store: lake.store,
      tasks: { work: async () => 1 },
    });
    expect(outcome).toMatchObject({ status: 'FAILED', error: 'States.ItemReaderFailed', cause });
  });
});
