import { workflowDefinition } from '../../lib/app/workflow-definition.ts';
import { refuseUnsupported } from '../../lib/workflow/supported-fields.ts';

type Json = Record<string, unknown>;
const definition = workflowDefinition();

/** The synthesised definition with one field set at a path. */
function withField(path: readonly string[], value: unknown): never {
  const copy = structuredClone(definition);
  const parent = path.slice(0, -1).reduce<Json>((at, key) => at[key] as Json, copy);
  parent[path.at(-1)!] = value;
  return copy as never;
}

const map = ['States', 'FetchArchive'];
const child = [...map, 'ItemProcessor', 'States', 'FetchArchiveBatch'];

describe('refuseUnsupported', () => {
  test('takes the synthesised definition', () => {
    expect(() => refuseUnsupported(definition as never)).not.toThrow();
  });

  test.each<[string, readonly string[], unknown]>([
    ['definition has field Assign', ['Assign'], {}],
    ['QueryLanguage has value "JSONata"', ['QueryLanguage'], 'JSONata'],
    ['state Plan field QueryLanguage has value "JSONata"', ['States', 'Plan', 'QueryLanguage'], 'JSONata'],
    ['state Plan has field Assign', ['States', 'Plan', 'Assign'], { x: 1 }],
    ['state Plan has field HeartbeatSeconds', ['States', 'Plan', 'HeartbeatSeconds'], 5],
    [
      'state Plan has resource arn:aws:states:::sns:publish',
      ['States', 'Plan', 'Resource'],
      'arn:aws:states:::sns:publish',
    ],
    ['Parameters has field InvocationType', ['States', 'Plan', 'Parameters', 'InvocationType'], 'Event'],
    ['intrinsic function States.JsonToString', ['States', 'Plan', 'Parameters', 'Payload.$'], 'States.JsonToString($)'],
    ['state FetchArchive has field ItemBatcher', [...map, 'ItemBatcher'], {}],
    ['state FetchArchive has field MaxConcurrencyPath', [...map, 'MaxConcurrencyPath'], '$.n'],
    ['ReaderConfig has field MaxItems', [...map, 'ItemReader', 'ReaderConfig', 'MaxItems'], 5],
    ['ReaderConfig.InputType has value "JSONL"', [...map, 'ItemReader', 'ReaderConfig', 'InputType'], 'JSONL'],
    ['ResultWriter has field WriterConfig', [...map, 'ResultWriter', 'WriterConfig'], {}],
    ['ExecutionType has value "EXPRESS"', [...map, 'ItemProcessor', 'ProcessorConfig', 'ExecutionType'], 'EXPRESS'],
    ['Mode has value "INLINE"', [...map, 'ItemProcessor', 'ProcessorConfig', 'Mode'], 'INLINE'],
    ['state FetchArchive has map without an ItemReader', [...map, 'ItemReader'], undefined],
    ['state FetchArchiveBatch has field Credentials', [...child, 'Credentials'], {}],
    ['Retry has field Comment', [...child, 'Retry', '0', 'Comment'], 'x'],
    ['Choices has field TimestampEquals', ['States', 'RunComplete', 'Choices', '0', 'TimestampEquals'], 'x'],
    ['state Wait has type Wait', ['States', 'Wait'], { Type: 'Wait', Seconds: 1, Next: 'Plan' }],
    ['state Both has type Parallel', ['States', 'Both'], { Type: 'Parallel', Branches: [], End: true }],
  ])('refuses by name: %s', (message, path, value) => {
    expect(() => refuseUnsupported(withField(path, value))).toThrow(message);
  });
});
