import { systemClock } from '../adapters/clock.ts';
import type { RefineInput, RefineResult } from '../refine/contract.ts';
import { refine } from '../refine/refine.ts';
import { openStore } from './open-lake.ts';

export interface RefineJob {
  readonly input: RefineInput;
  readonly lake: string;
  readonly codeHash: string;
  /** The instant that stands for now. */
  readonly nowMs?: number;
}

/** Errors lose their name on the way between threads, and the state machine retries by name: so they travel as data. */
export type RefineAnswer =
  | { readonly result: RefineResult }
  | { readonly error: { readonly name: string; readonly message: string } };

/** Runs one refine job on a worker thread. */
export default async function refineJob({ input, lake, codeHash, nowMs }: RefineJob): Promise<RefineAnswer> {
  try {
    const store = await openStore(lake);
    return { result: await refine(input, { store, clock: systemClock(nowMs), codeHash, outOfTime: () => false }) };
  } catch (error) {
    const { name, message } = error as Error;
    return { error: { name, message } };
  }
}
