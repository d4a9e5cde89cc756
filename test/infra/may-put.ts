import { ACCESS, type LambdaStage } from '../../lib/infra/access.ts';

/** Returns true if the role of the stage may put the object, at least if it is not there yet. */
export function mayPut(stage: LambdaStage, key: string): boolean {
  return [...ACCESS[stage].write, ...ACCESS[stage].create].some((prefix) => key.startsWith(prefix));
}
