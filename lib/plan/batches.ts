import type { Chunk } from '../domain/chunk.ts';
import type { ChunkBatch } from './contract.ts';

/** Chunks a batch: what one invocation fetches well within its time limit, few enough to spread, many enough to be cheap. */
export const BATCH_CHUNKS = { archive_monthly: 8, archive_daily: 31, rest: 4 } as const;
const BATCH_NAMES = { archive_monthly: 'monthly', archive_daily: 'daily', rest: 'rest' } as const;

/** Windows a batch of holes, each a single request: as many as the twenty-page chunks of a `rest` batch make together. */
const BATCH_WINDOWS = 80;

/** Deals single-page windows out to the items of the map that asks about holes, in order. */
export function batchHoles(runId: string, chunks: readonly Chunk[]): ChunkBatch[] {
  return dealBatches(runId, 'holes', chunks, BATCH_WINDOWS);
}

/** Deals chunks out to the items of the fetch maps, in order. Batch names are unique in the run and safe in file names. */
export function batchChunks(runId: string, chunks: readonly Chunk[]): { archive: ChunkBatch[]; rest: ChunkBatch[] } {
  const deal = (source: Chunk['source']): ChunkBatch[] => {
    const own = chunks.filter((chunk) => chunk.source === source);
    return dealBatches(runId, BATCH_NAMES[source], own, BATCH_CHUNKS[source]);
  };
  return { archive: [...deal('archive_monthly'), ...deal('archive_daily')], rest: deal('rest') };
}

function dealBatches(runId: string, name: string, chunks: readonly Chunk[], most: number): ChunkBatch[] {
  const batches: ChunkBatch[] = [];
  for (let at = 0; at < chunks.length; at += most) {
    const batch = `${name}-${String(batches.length + 1).padStart(5, '0')}`;
    batches.push({ runId, batch, chunks: chunks.slice(at, at + most) });
  }
  return batches;
}
