import { Piscina } from 'piscina';
import type { RefineItem, RefineResult, RefineStreamResult } from '../lake/refine/contract.ts';
import type { CodeHashes } from '../ports.ts';
import type { RefineAnswer, RefineJob } from './refine-worker.ts';
import { workerModule } from './worker-module.ts';

/** Refines series and streams on worker threads. Threads start with the first job. */
export interface RefinePool {
  /** The number of threads. */
  readonly threads: number;
  /** @param hasSpareCore true if no other job needs the second core. A series then computes in one more thread. */
  run(input: RefineItem, hasSpareCore: boolean): Promise<RefineResult | RefineStreamResult>;
  close(): Promise<void>;
}

export function createRefinePool(lake: string, codeHashes: CodeHashes, threads: number, nowMs?: number): RefinePool {
  let pool: Piscina<RefineJob, RefineAnswer> | undefined;
  return {
    threads,
    async run(input, hasSpareCore) {
      pool ??= new Piscina({ ...workerModule('refine-worker'), minThreads: 0, maxThreads: threads });
      const job: RefineJob = { input, lake, codeHashes, hasSpareCore, ...(nowMs !== undefined && { nowMs }) };
      const answer = await pool.run(job);
      if ('result' in answer) return answer.result;
      throw Object.assign(new Error(answer.error.message), { name: answer.error.name });
    },
    async close() {
      await pool?.destroy();
    },
  };
}
