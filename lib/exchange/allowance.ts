import type { Budget } from './access.ts';

/** Returns the part of a budget that we use: half, because other programs may share the address. */
export function allowance({ limit }: Budget): number {
  return limit / 2;
}
