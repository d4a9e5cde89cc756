import type { ContextObject } from './definition.ts';
import { StateMachine } from './state-machine.ts';

/** Fills in a payload template (`"Key.$": "$.archiveKey"`) as a state would: by running a state that does only that. */
export async function fillTemplate<T>(template: unknown, input: unknown, context: ContextObject): Promise<T> {
  const definition = {
    StartAt: 'Fill',
    States: { Fill: { Type: 'Pass', Parameters: template, End: true } },
  };
  const machine = new StateMachine(definition as never, { validationOptions: { noValidate: true } });
  return (await machine.run(input as never, { context: { ...context } }).result) as T;
}
