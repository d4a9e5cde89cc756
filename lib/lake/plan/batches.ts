import type { Chunk, StreamChunk } from '../../domain/chunk.ts';
import type { ChunkBatch, StreamBatch } from './contract.ts';

/** Chunks a batch: what one invocation fetches well within its time limit, few enough to spread, many enough to be cheap. */
export const BATCH_CHUNKS = { archive_monthly: 8, archive_daily: 31, rest: 4 } as const;
const BATCH_NAMES = { archive_monthly: 'monthly', archive_daily: 'daily', rest: 'rest' } as const;

/** Windows a batch of holes, each a single request: as many as the twenty-page chunks of a `rest` batch make together. */
const BATCH_WINDOWS = 80;

/** Deals single-page windows, and daily files, out to the items of the map that asks about holes, in order. */
export function batchHoles(runId: string, chunks: readonly Chunk[]): ChunkBatch[] {
  const windows = chunks.filter(({ source }) => source === 'rest');
  const files = chunks.filter(({ source }) => source !== 'rest');
  const batches = [
    ...inBatches('holes', windows, BATCH_WINDOWS),
    ...inBatches('holes-daily', files, BATCH_CHUNKS.archive_daily),
  ];
  return batches.map(({ batch, dealt }) => ({ runId, batch, chunks: dealt }));
}

/** Deals chunks out to the items of the fetch maps, in order. Batch names are unique in the run and safe in file names. */
export function batchChunks(runId: string, chunks: readonly Chunk[]): { archive: ChunkBatch[]; rest: ChunkBatch[] } {
  const deal = (source: Chunk['source']): ChunkBatch[] => {
    const own = chunks.filter((chunk) => chunk.source === source);
    const dealt = inBatches(BATCH_NAMES[source], own, BATCH_CHUNKS[source]);
    return dealt.map(({ batch, dealt: chunks }) => ({ runId, batch, chunks }));
  };
  return { archive: [...deal('archive_monthly'), ...deal('archive_daily')], rest: deal('rest') };
}

/** Files of streams are small; REST chunks are a request or two, but for the first of a symbol. */
export const STREAM_BATCH_CHUNKS = { archive_monthly: 31, archive_daily: 62, rest: 30 } as const;

/**
 * Deals the chunks of streams out likewise. Those for REST go symbol by symbol, so that streams whose requests are counted
 * apart by the exchange take turns.
 */
export function batchStreamChunks(
  runId: string,
  chunks: readonly StreamChunk[],
): { archive: StreamBatch[]; rest: StreamBatch[] } {
  const deal = (source: Chunk['source']): StreamBatch[] => {
    const own = chunks.filter((chunk) => chunk.source === source);
    const dealt = inBatches(`stream-${BATCH_NAMES[source]}`, own, STREAM_BATCH_CHUNKS[source]);
    return dealt.map(({ batch, dealt: streamChunks }) => ({ runId, batch, streamChunks }));
  };
  return { archive: [...deal('archive_monthly'), ...deal('archive_daily')], rest: deal('rest') };
}

/** So many to a batch, in order; batches are counted from 1. */
function inBatches<T>(name: string, chunks: readonly T[], most: number): { batch: string; dealt: readonly T[] }[] {
  const batches: { batch: string; dealt: readonly T[] }[] = [];
  for (let at = 0; at < chunks.length; at += most) {
    const batch = `${name}-${String(batches.length + 1).padStart(5, '0')}`;
    batches.push({ batch, dealt: chunks.slice(at, at + most) });
  }
  return batches;
}
