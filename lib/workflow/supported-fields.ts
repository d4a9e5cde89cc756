import type { Definition, State } from './definition.ts';

/**
 * Every field that the local run honours, by place. Any other field is refused by its name, because a local run that
 * ignored it would differ from the deployed machine in silence.
 */
const TOP = ['Comment', 'StartAt', 'States', 'TimeoutSeconds', 'Version', 'QueryLanguage'];
const EVERY_STATE = ['Type', 'Comment', 'QueryLanguage'];
const PATHS = ['InputPath', 'OutputPath'];
const RESULT = ['ResultSelector', 'ResultPath'];
const ERRORS = ['Retry', 'Catch'];
const FLOW = ['Next', 'End'];

const STATE_FIELDS: Readonly<Record<string, readonly string[]>> = {
  Task: [...PATHS, ...RESULT, ...ERRORS, ...FLOW, 'Resource', 'Parameters', 'TimeoutSeconds'],
  Map: [
    ...[...PATHS, ...RESULT, ...ERRORS, ...FLOW],
    ...['ItemProcessor', 'ItemReader', 'ItemSelector', 'ResultWriter', 'Label'],
    ...['MaxConcurrency', 'ToleratedFailureCount', 'ToleratedFailurePercentage'],
  ],
  Choice: [...PATHS, 'Choices', 'Default'],
  Pass: [...PATHS, ...FLOW, 'Parameters', 'Result', 'ResultPath'],
  Succeed: PATHS,
  Fail: ['Error', 'Cause', 'ErrorPath', 'CausePath'],
};

const RETRIER = ['ErrorEquals', 'IntervalSeconds', 'MaxAttempts', 'BackoffRate', 'MaxDelaySeconds', 'JitterStrategy'];
const CATCHER = ['ErrorEquals', 'Next', 'ResultPath'];
const COMPARISONS = ['BooleanEquals', 'StringEquals', 'StringMatches', 'NumericEquals', 'NumericLessThan'];
const MORE_COMPARISONS = [
  'NumericGreaterThan',
  'NumericLessThanEquals',
  'NumericGreaterThanEquals',
  'IsPresent',
  'IsNull',
];
const CHOICE = ['Variable', 'Next', 'Comment', 'And', 'Or', 'Not', ...COMPARISONS, ...MORE_COMPARISONS];

/** The resources that a task may call, and the parameters of each that are honoured. */
const TASK_RESOURCES: Readonly<Record<string, readonly string[]>> = {
  'states:::lambda:invoke': ['FunctionName', 'Payload'],
  'states:::aws-sdk:s3:putObject': ['Bucket', 'Key', 'Body'],
};

/** Returns `states:::lambda:invoke` of `arn:aws:states:::lambda:invoke`. AWS partitions differ in the second word. */
export function resourceName(arn: string): string {
  return arn.split(':').slice(2).join(':');
}

/** @throws Error naming the state and the field if the definition has a field that the local run does not honour */
export function refuseUnsupported(definition: Definition, where = 'definition'): void {
  only(definition, TOP, where);
  equals(definition['QueryLanguage'], [undefined, 'JSONPath'], `${where} field QueryLanguage`);
  for (const [name, state] of Object.entries(definition.States)) refuseInState(name, state);
}

function refuseInState(name: string, state: State): void {
  const where = `state ${name}`;
  const fields = STATE_FIELDS[state.Type];
  if (!fields) throw unsupported(where, `type ${state.Type}`);
  only(state, [...EVERY_STATE, ...fields], where);
  equals(state['QueryLanguage'], [undefined, 'JSONPath'], `${where} field QueryLanguage`);
  for (const retrier of list(state['Retry'])) only(retrier, RETRIER, `${where} field Retry`);
  for (const catcher of list(state['Catch'])) only(catcher, CATCHER, `${where} field Catch`);
  for (const rule of list(state['Choices'])) refuseInChoice(rule, where);
  for (const field of ['Parameters', 'ResultSelector', 'ItemSelector']) refuseInTemplate(state[field], where);
  if (state.Type === 'Task') refuseInTask(state, where);
  if (state.Type === 'Map') refuseInMap(state, where);
}

function refuseInTask(state: State, where: string): void {
  const resource = String(state['Resource']);
  const parameters = TASK_RESOURCES[resourceName(resource)];
  if (!parameters) throw unsupported(where, `resource ${resource}`);
  only(state['Parameters'], withPaths(parameters), `${where} field Parameters`);
}

function refuseInMap(state: State, where: string): void {
  const { ProcessorConfig, ...child } = state['ItemProcessor'] as Definition & { ProcessorConfig?: object };
  only(ProcessorConfig, ['Mode', 'ExecutionType'], `${where} field ProcessorConfig`);
  const { Mode, ExecutionType } = (ProcessorConfig ?? {}) as Record<string, unknown>;
  equals(Mode, ['DISTRIBUTED'], `${where} field ProcessorConfig.Mode`);
  equals(ExecutionType, ['STANDARD'], `${where} field ProcessorConfig.ExecutionType`);
  refuseUnsupported(child as Definition, `${where} field ItemProcessor`);

  const reader = state['ItemReader'] as Record<string, unknown> | undefined;
  if (!reader) throw unsupported(where, 'map without an ItemReader');
  only(reader, ['Resource', 'ReaderConfig', 'Parameters'], `${where} field ItemReader`);
  only(reader['ReaderConfig'], ['InputType'], `${where} field ReaderConfig`);
  const { InputType } = (reader['ReaderConfig'] ?? {}) as Record<string, unknown>;
  equals(InputType, ['JSON'], `${where} field ReaderConfig.InputType`);
  equals(resourceName(String(reader['Resource'])), ['states:::s3:getObject'], `${where} field ItemReader.Resource`);
  only(reader['Parameters'], withPaths(['Bucket', 'Key']), `${where} field ItemReader.Parameters`);
  refuseInTemplate(reader['Parameters'], where);

  const writer = state['ResultWriter'] as Record<string, unknown> | undefined;
  only(writer, ['Resource', 'Parameters'], `${where} field ResultWriter`);
  only(writer?.['Parameters'], withPaths(['Bucket', 'Prefix']), `${where} field ResultWriter.Parameters`);
  refuseInTemplate(writer?.['Parameters'], where);
}

function refuseInChoice(rule: Record<string, unknown>, where: string): void {
  only(rule, CHOICE, `${where} field Choices`);
  for (const inner of [...list(rule['And']), ...list(rule['Or'])]) refuseInChoice(inner, where);
  if (rule['Not']) refuseInChoice(rule['Not'] as Record<string, unknown>, where);
}

/** Only States.Format is allowed: the library's other intrinsic functions strip backslashes from their results. */
function refuseInTemplate(template: unknown, where: string): void {
  if (typeof template !== 'object' || template === null) return;
  for (const [key, value] of Object.entries(template)) {
    if (key.endsWith('.$') && !/^(\$|States\.Format\()/.test(String(value))) {
      throw unsupported(where, `intrinsic function ${String(value).split('(')[0]}`);
    }
    refuseInTemplate(value, where);
  }
}

function only(value: unknown, fields: readonly string[], where: string): void {
  const field = Object.keys((value as object | undefined) ?? {}).find((name) => !fields.includes(name));
  if (field !== undefined) throw unsupported(where, `field ${field}`);
}

function equals(value: unknown, allowed: readonly unknown[], where: string): void {
  if (!allowed.includes(value)) throw unsupported(where, `value ${JSON.stringify(value)}`);
}

function withPaths(names: readonly string[]): string[] {
  return names.flatMap((name) => [name, `${name}.$`]);
}

function list(value: unknown): Record<string, unknown>[] {
  return (value as Record<string, unknown>[] | undefined) ?? [];
}

function unsupported(where: string, what: string): Error {
  return new Error(`${where} has ${what}, which the local run does not honour`);
}
