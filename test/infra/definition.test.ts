// @ts-expect-error: the package comes without types
import validateDefinition from 'asl-validator';
import { workflowDefinition } from '../../lib/cli/workflow-definition.ts';
import { synthesisedDefinition } from './synthesised-definition.ts';

interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly MaxConcurrency?: number;
  readonly ItemProcessor?: { readonly States: Record<string, State> };
  readonly Retry?: readonly { readonly ErrorEquals: readonly string[] }[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[] }[];
}

const definition = synthesisedDefinition({ concurrency: { archive: 7, rest: 2, refine: 9 } });
const states = definition['States'] as Record<string, State>;
const maps = Object.values(states).filter(({ Type }) => Type === 'Map');

test('the committed definition equals the synthesised one; if not, `npm run gen`', () => {
  expect(workflowDefinition()).toEqual(synthesisedDefinition());
});

describe('the definition', () => {
  test('is valid Amazon States Language', () => {
    const { isValid, errorsText } = validateDefinition(definition, { checkArn: true, checkPaths: true });
    expect(isValid ? '' : errorsText()).toBe('');
  });

  test('goes through the stages in order', () => {
    const order = [String(definition['StartAt'])];
    const follow = (from: string) => {
      for (let next = states[from]!.Next; next !== undefined; next = states[next]!.Next) order.push(next);
    };
    follow(order[0]!);
    expect(order).toEqual(['Plan', 'FetchArchive', 'FetchRest', 'Refine', 'PlanHoles', 'HolesFound']);
    order.length = 0;
    follow('FetchHoles');
    expect(order).toEqual(['RefineHoles', 'StreamsWanted']);
    expect(states['HolesFound']).toMatchObject({
      Choices: [{ Variable: '$.holes.chunks', NumericGreaterThan: 0, Next: 'FetchHoles' }],
      Default: 'StreamsWanted',
    });
    order.length = 0;
    follow('FetchStreamArchive');
    expect(order).toEqual(['FetchStreamRest', 'RefineStreams', 'Catalogue', 'RunComplete']);
    expect(states['StreamsWanted']).toMatchObject({
      Choices: [{ Variable: '$.streamsKey', IsPresent: true, Next: 'FetchStreamArchive' }],
      Default: 'Catalogue',
    });
  });

  test('takes its concurrency from the configuration', () => {
    const names = Object.keys(states).filter((name) => states[name]!.Type === 'Map');
    expect(Object.fromEntries(names.map((name) => [name, states[name]!.MaxConcurrency]))).toEqual({
      FetchArchive: 7,
      FetchRest: 2,
      Refine: 9,
      FetchHoles: 2,
      RefineHoles: 9,
      FetchStreamArchive: 7,
      FetchStreamRest: 2,
      RefineStreams: 9,
    });
  });

  test('every item catches every error of its own', () => {
    const tasks = maps.flatMap(({ ItemProcessor }) => Object.entries(ItemProcessor!.States));
    const work = tasks.filter(([name, { Type }]) => Type === 'Task' && !name.startsWith('Record'));
    expect(work).toHaveLength(8);
    for (const [, { Catch }] of work) expect(Catch).toMatchObject([{ ErrorEquals: ['States.ALL'] }]);
  });

  test('never retries what a second try cannot mend', () => {
    const all = [
      ...Object.values(states),
      ...maps.flatMap(({ ItemProcessor }) => Object.values(ItemProcessor!.States)),
    ];
    const retried = new Set(all.flatMap(({ Retry = [] }) => Retry.flatMap(({ ErrorEquals }) => ErrorEquals)));
    expect([...retried].filter((name) => !/^(Lambda|Runtime|Sandbox|S3)\./.test(name)).sort()).toEqual([
      'CorruptObject',
      'ExchangeBusy',
    ]);
  });

  test('reads bytes that were damaged on their way once more, in fetch and in refine', () => {
    const retrying = maps.flatMap(({ ItemProcessor }) =>
      Object.entries(ItemProcessor!.States)
        .filter(([, { Retry = [] }]) => Retry.some(({ ErrorEquals }) => ErrorEquals.includes('CorruptObject')))
        .map(([name]) => name),
    );
    expect(retrying.sort()).toEqual([
      'FetchArchiveBatch',
      'FetchHolesBatch',
      'FetchRestBatch',
      'FetchStreamArchiveBatch',
      'FetchStreamRestBatch',
      'RefineHolesSeries',
      'RefineSeries',
      'RefineStream',
    ]);
  });

  test('keeps to what the emulators of Step Functions understand', () => {
    const text = JSON.stringify(definition);
    for (const word of ['JSONata', 'ItemBatcher', 'WriterConfig', 'EXPRESS', 'JSONL', 'Assign']) {
      expect(text).not.toContain(word);
    }
  });
});
