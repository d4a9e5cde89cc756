import { BadInput } from '../domain/errors.ts';

/**
 * What every command answers to a lake that holds nothing of what it is asked for, be it empty, not there, or another
 * folder by mistake.
 */
export function holdsNone(lake: string, what: string, todo = 'run `npx lake run` first'): BadInput {
  return new BadInput(`lake at ${lake} holds no ${what}: ${todo}`);
}
