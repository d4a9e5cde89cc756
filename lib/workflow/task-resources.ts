import type { ObjectStore } from '../ports.ts';
import { throughJson } from './payload-limit.ts';
import { resourceName } from './supported-fields.ts';

/** The code of each Lambda, by the name of its stage. */
export type Tasks = Readonly<Record<string, (event: unknown) => Promise<unknown>>>;

/** Returns the work of a task state, by its resource. */
export function taskResource(
  arn: string,
  world: { readonly tasks: Tasks; readonly store: ObjectStore },
): (parameters: unknown) => Promise<unknown> {
  if (resourceName(arn) === 'states:::lambda:invoke') {
    return (parameters) => invokeLambda(parameters as LambdaParameters, world.tasks);
  }
  return (parameters) => putObject(parameters as PutObjectParameters, world.store);
}

interface LambdaParameters {
  readonly FunctionName: string;
  readonly Payload: unknown;
}

async function invokeLambda({ FunctionName, Payload }: LambdaParameters, tasks: Tasks): Promise<unknown> {
  const task = tasks[FunctionName];
  if (!task) throw new Error(`function must be one of ${Object.keys(tasks).join(', ')}, got '${FunctionName}'`);
  const event = throughJson(Payload, `event of ${FunctionName}`);
  let result: unknown;
  try {
    result = await task(event);
  } catch (error) {
    throw lambdaFailure(error);
  }
  return { Payload: throughJson(result, `result of ${FunctionName}`), StatusCode: 200 };
}

/**
 * Returns an error as Step Functions sees it: the class's name, and a cause in JSON. `cause` keeps the error itself.
 */
function lambdaFailure(error: unknown): Error {
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  const failure = new Error(JSON.stringify({ errorType: name, errorMessage: message }), { cause: error });
  return Object.assign(failure, { name });
}

interface PutObjectParameters {
  readonly Key: string;
  readonly Body: unknown;
}

async function putObject({ Key, Body }: PutObjectParameters, store: ObjectStore): Promise<unknown> {
  const text = typeof Body === 'string' ? Body : JSON.stringify(Body);
  await store.put(Key, new TextEncoder().encode(text));
  return {};
}
