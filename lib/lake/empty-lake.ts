import { BadInput } from '../domain/errors.ts';

/** Makes the error of a command if the lake has no such data: it is empty or missing, or the folder is a wrong one. */
export function holdsNone(lake: string, what: string, todo = 'run `npx lake run` first'): BadInput {
  return new BadInput(`lake at ${lake} holds no ${what}: ${todo}`);
}
