import type { Chunk } from '../domain/chunk.ts';
import type { StreamChunk } from '../domain/stream.ts';
import type { ChunkBatch, StreamBatch } from './contract.ts';

/** Chunks a batch: what one invocation fetches well within its time limit, few enough to spread, many enough to be cheap. */
export const BATCH_CHUNKS = { archive_monthly: 8, archive_daily: 31, rest: 4 } as const;
const BATCH_NAMES = { archive_monthly: 'monthly', archive_daily: 'daily', rest: 'rest' } as const;

/** Deals chunks out to the items of the fetch maps, in order. Batch names are unique in the run and safe in file names. */
export function batchChunks(runId: string, chunks: readonly Chunk[]): { archive: ChunkBatch[]; rest: ChunkBatch[] } {
  const deal = (source: Chunk['source']): ChunkBatch[] => {
    const own = chunks.filter((chunk) => chunk.source === source);
    const batches: ChunkBatch[] = [];
    for (let at = 0; at < own.length; at += BATCH_CHUNKS[source]) {
      const batch = `${BATCH_NAMES[source]}-${String(batches.length + 1).padStart(5, '0')}`;
      batches.push({ runId, batch, chunks: own.slice(at, at + BATCH_CHUNKS[source]) });
    }
    return batches;
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
  const deal = (source: Chunk['source'], size: number): StreamBatch[] => {
    const own = chunks.filter((chunk) => chunk.source === source);
    const batches: StreamBatch[] = [];
    for (let at = 0; at < own.length; at += size) {
      const batch = `stream-${BATCH_NAMES[source]}-${String(batches.length + 1).padStart(5, '0')}`;
      batches.push({ runId, batch, streamChunks: own.slice(at, at + size) });
    }
    return batches;
  };
  return {
    archive: [
      ...deal('archive_monthly', STREAM_BATCH_CHUNKS.archive_monthly),
      ...deal('archive_daily', STREAM_BATCH_CHUNKS.archive_daily),
    ],
    rest: deal('rest', STREAM_BATCH_CHUNKS.rest),
  };
}
