import { StateMachine } from 'aws-local-stepfunctions';
import type { ContextObject } from './definition.ts';

export { ExecutionAbortedError, ExecutionTimeoutError, StateMachine } from 'aws-local-stepfunctions';

// The library calls Promise.withResolvers, which Node has from version 22.
Promise.withResolvers ??= function withResolvers<T>(): PromiseWithResolvers<T> {
  let resolve!: PromiseWithResolvers<T>['resolve'];
  let reject!: PromiseWithResolvers<T>['reject'];
  const promise = new Promise<T>((a, b) => {
    resolve = a;
    reject = b;
  });
  return { promise, resolve, reject };
};

/** Fills in a payload template, such as `"Key.$": "$.archiveKey"`, by running a state that does only that. */
export async function fillTemplate<T>(template: unknown, input: unknown, context: ContextObject): Promise<T> {
  const definition = {
    StartAt: 'Fill',
    States: { Fill: { Type: 'Pass', Parameters: template, End: true } },
  };
  const machine = new StateMachine(definition as never, { validationOptions: { noValidate: true } });
  return (await machine.run(input as never, { context: { ...context } }).result) as T;
}
