import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { pathToFileURL } from 'node:url';
import { Piscina } from 'piscina';
import { RUNS_FROM_SOURCES } from '../adapters/local/installation.ts';
import type { RefineInput, RefineResult, RefineStreamInput, RefineStreamResult } from '../lake/refine/contract.ts';
import type { CodeHashes } from '../ports.ts';
import type { RefineAnswer, RefineJob } from './refine-worker.ts';

/** The worker's module. From the sources, threads read TypeScript through tsx. The bundle needs no tsx. */
const WORKER = RUNS_FROM_SOURCES
  ? {
      filename: new URL('./refine-worker.ts', import.meta.url).href,
      execArgv: ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href],
    }
  : { filename: new URL('./refine-worker.js', import.meta.url).href };

/** Refines series and streams on worker threads, one per core. Threads start with the first job. */
export interface RefinePool {
  run(input: RefineInput | RefineStreamInput): Promise<RefineResult | RefineStreamResult>;
  close(): Promise<void>;
}

export function createRefinePool(
  lake: string,
  codeHashes: CodeHashes,
  threads = availableParallelism(),
  nowMs?: number,
): RefinePool {
  let pool: Piscina<RefineJob, RefineAnswer> | undefined;
  return {
    async run(input) {
      pool ??= new Piscina({
        ...WORKER,
        minThreads: 0,
        maxThreads: threads,
      });
      const answer = await pool.run({ input, lake, codeHashes, ...(nowMs !== undefined && { nowMs }) });
      if ('result' in answer) return answer.result;
      throw Object.assign(new Error(answer.error.message), { name: answer.error.name });
    },
    async close() {
      await pool?.destroy();
    },
  };
}
