import { Piscina } from 'piscina';
import type { Interval } from '../domain/interval.ts';
import type { ShardComputer } from '../lake/refine/shard-computer.ts';
import type { ComputeAnswer, ComputeJob } from './compute-worker.ts';
import { workerModule } from './worker-module.ts';

/**
 * Returns a computer that works in a thread of its own, so that a long series uses two cores: while the thread computes
 * a shard, this one reads the next and stores the one before. The thread starts with the first shard.
 */
export function threadedComputer(interval: Interval): ShardComputer {
  let pool: Piscina<ComputeJob, ComputeAnswer> | undefined;
  return {
    async compute(input, start, memory = {}) {
      pool ??= new Piscina({ ...workerModule('compute-worker'), minThreads: 1, maxThreads: 1, workerData: interval });
      const answer = await pool.run({ input, start, memory }, { transferList: Object.values(memory) });
      if ('refined' in answer) return answer.refined;
      throw Object.assign(new Error(answer.error.message), { name: answer.error.name });
    },
    async close() {
      await pool?.destroy();
    },
  };
}
