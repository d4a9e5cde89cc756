import type { Failure } from './contract.ts';

/** An entry of the report's failures, with the error where one was recorded. */
export function failureOf(
  stage: 'fetch' | 'refine',
  name: string,
  recorded: Omit<Failure, 'stage' | 'name'> | undefined,
): Failure {
  const none = { error: stage === 'fetch' ? 'NotFetched' : 'NotRefined', message: 'no error was recorded' };
  const { error, message, landed }: Omit<Failure, 'stage' | 'name'> = recorded ?? none;
  return { stage, name, error, message, ...(landed && { landed }) };
}
