// @ts-expect-error: the package comes without types
import validateDefinition from 'asl-validator';
import { workflowDefinition } from '../../lib/app/workflow-definition.ts';
import { RUN_STEPS } from '../../lib/workflow/run-steps.ts';
import { synthesisedDefinition } from '../support/synthesised-definition.ts';

interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly Label?: string;
  readonly Resource?: string;
  readonly MaxConcurrency?: number;
  readonly ItemProcessor?: { readonly States: Record<string, State> };
  readonly Retry?: readonly { readonly ErrorEquals: readonly string[] }[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[] }[];
}

const THROTTLED = ['Lambda.TooManyRequestsException', 'Lambda.EC2ThrottledException'];
const CUT_OFF = ['Sandbox.Timedout', 'Runtime.ExitError', 'Lambda.Unknown'];

const definition = synthesisedDefinition({ concurrency: { archive: 7, rest: 2, refine: 9 } });
const states = definition['States'] as Record<string, State>;
const maps = Object.values(states).filter(({ Type }) => Type === 'Map');

test('the committed definition equals the synthesised one; if not, `npm run gen`', () => {
  expect(workflowDefinition()).toEqual(synthesisedDefinition({}));
});

describe('the definition', () => {
  test('is valid Amazon States Language', () => {
    const { isValid, errorsText } = validateDefinition(definition, { checkArn: true, checkPaths: true });
    expect(isValid ? '' : errorsText()).toBe('');
  });

  test('goes through the stages in order', () => {
    const order: string[] = [];
    const follow = (from: string) => {
      order.length = 0;
      for (let next: string | undefined = from; next !== undefined; next = states[next]!.Next) order.push(next);
      return order;
    };
    expect(follow(String(definition['StartAt']))).toEqual(['Plan', 'ArchiveWanted']);
    expect(follow('FetchArchive')).toEqual(['FetchArchive', 'RestWanted']);
    expect(follow('FetchRest')).toEqual(['FetchRest', 'Refine', 'PlanHoles', 'HolesFound']);
    expect(states['HolesFound']).toMatchObject({
      Choices: [{ Variable: '$.holes.chunks', NumericGreaterThan: 0, Next: 'FetchHoles' }],
      Default: 'StreamsWanted',
    });
    expect(follow('FetchHoles')).toEqual(['FetchHoles', 'RefineHoles', 'StreamsWanted']);
    expect(follow('FetchStreamArchive')).toEqual(['FetchStreamArchive', 'StreamRestWanted']);
    expect(follow('FetchStreamRest')).toEqual(['FetchStreamRest', 'RefineStreams', 'Catalogue', 'RunComplete']);
  });

  test('passes by a map that has no items', () => {
    const some = (count: string, next: string) => ({
      Variable: `$.batches.${count}`,
      NumericGreaterThan: 0,
      Next: next,
    });
    expect(states['ArchiveWanted']).toMatchObject({
      Choices: [some('archive', 'FetchArchive'), some('rest', 'FetchRest')],
      Default: 'Refine',
    });
    expect(states['RestWanted']).toMatchObject({ Choices: [some('rest', 'FetchRest')], Default: 'Refine' });
    expect(states['StreamsWanted']).toMatchObject({
      Choices: [
        some('streamArchive', 'FetchStreamArchive'),
        some('streamRest', 'FetchStreamRest'),
        { Variable: '$.streamsKey', IsPresent: true, Next: 'RefineStreams' },
      ],
      Default: 'Catalogue',
    });
    expect(states['StreamRestWanted']).toMatchObject({
      Choices: [some('streamRest', 'FetchStreamRest')],
      Default: 'RefineStreams',
    });
  });

  test('does its work in the steps that progress reports, and in no others', () => {
    const working = Object.entries(states).filter(([, { Type }]) => Type === 'Map' || Type === 'Task');
    expect(working.map(([name]) => name).sort()).toEqual([...RUN_STEPS].sort());
  });

  test('labels each map with its name, so that its metrics keep theirs', () => {
    const labels = Object.entries(states).flatMap(([name, { Type, Label }]) => (Type === 'Map' ? [[name, Label]] : []));
    expect(labels).toHaveLength(8);
    // Step Functions takes 40 characters at most.
    for (const [name, label] of labels) expect([label, String(label).length <= 40]).toEqual([name, true]);
  });

  test('every task that invokes a function waits out a throttled account, and goes on after it was cut off', () => {
    const all = [states, ...maps.map(({ ItemProcessor }) => ItemProcessor!.States)].flatMap((some) =>
      Object.entries(some),
    );
    const invoking = all.filter(([, { Resource }]) => Resource?.endsWith(':lambda:invoke'));
    expect(invoking).toHaveLength(3 + 8);
    for (const [name, { Retry = [] }] of invoking) {
      const errors = Retry.flatMap(({ ErrorEquals }) => ErrorEquals);
      expect([name, errors]).toEqual([name, expect.arrayContaining([...THROTTLED, ...CUT_OFF])]);
      expect(new Set(errors).size).toBe(errors.length);
    }
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
