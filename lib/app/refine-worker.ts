import { systemClock } from '../adapters/clock.ts';
import { REFINE_ITEM, type RefineItem, type RefineResult, type RefineStreamResult } from '../lake/refine/contract.ts';
import { refineItem } from '../lake/refine/refine.ts';
import type { CodeHashes } from '../ports.ts';
import { openStore } from './open-lake.ts';
import { threadedComputer } from './threaded-computer.ts';

export interface RefineJob {
  readonly input: RefineItem;
  readonly lake: string;
  readonly codeHashes: CodeHashes;
  /** True if a series may compute in one more thread. */
  readonly hasSpareCore: boolean;
  /** The fixed time of the clock. If it is left out, the clock is the machine's. */
  readonly nowMs?: number;
}

/** An error loses its name on the way between threads. The state machine retries by name, so errors travel as data. */
export type RefineAnswer =
  | { readonly result: RefineResult | RefineStreamResult }
  | { readonly error: { readonly name: string; readonly message: string } };

/** Runs one refine job on a worker thread. */
export default async function refineJob(job: RefineJob): Promise<RefineAnswer> {
  const { input, lake, codeHashes, hasSpareCore, nowMs } = job;
  try {
    const store = await openStore(lake);
    return {
      result: await refineItem(REFINE_ITEM.parse(input), {
        store,
        clock: systemClock(nowMs),
        codeHashes,
        outOfTime: () => false,
        ...(hasSpareCore && { openComputer: threadedComputer }),
      }),
    };
  } catch (error) {
    const { name, message } = error as Error;
    return { error: { name, message } };
  }
}
