import { systemClock } from '../adapters/clock.ts';
import type { RefineInput, RefineResult, RefineStreamInput, RefineStreamResult } from '../lake/refine/contract.ts';
import { refineItem } from '../lake/refine/refine-item.ts';
import type { CodeHashes } from '../ports.ts';
import { openStore } from './open-lake.ts';

export interface RefineJob {
  readonly input: RefineInput | RefineStreamInput;
  readonly lake: string;
  readonly codeHashes: CodeHashes;
  /** The fixed time of the clock. If it is left out, the clock is the machine's. */
  readonly nowMs?: number;
}

/** An error loses its name on the way between threads. The state machine retries by name, so errors travel as data. */
export type RefineAnswer =
  | { readonly result: RefineResult | RefineStreamResult }
  | { readonly error: { readonly name: string; readonly message: string } };

/** Runs one refine job on a worker thread. */
export default async function refineJob({ input, lake, codeHashes, nowMs }: RefineJob): Promise<RefineAnswer> {
  try {
    const store = await openStore(lake);
    return {
      result: await refineItem(input, { store, clock: systemClock(nowMs), codeHashes, outOfTime: () => false }),
    };
  } catch (error) {
    const { name, message } = error as Error;
    return { error: { name, message } };
  }
}
