import type { Chunk, Source, StreamChunk } from '../../domain/chunk.ts';
import type { SeriesBatch, StreamBatch } from '../fetch/contract.ts';

type Sizes = Readonly<Record<Source, number>>;
type Names = Readonly<Record<Source, string>>;

/**
 * Chunks per batch, which one invocation fetches well within its time limit. Larger batches cost less, smaller ones
 * spread better.
 */
const CANDLES: Sizes = { archive_monthly: 8, archive_daily: 31, rest: 4 };
/** Files of streams are small. REST chunks are one or two requests, except the first of a symbol. */
const STREAMS: Sizes = { archive_monthly: 31, archive_daily: 62, rest: 30 };
/** Windows for holes are one request each: a batch has as many as a batch of four REST chunks of twenty pages. */
const HOLES: Sizes = { ...CANDLES, rest: 80 };

const NAMES: Names = { archive_monthly: 'monthly', archive_daily: 'daily', rest: 'rest' };
const STREAM_NAMES: Names = { archive_monthly: 'stream-monthly', archive_daily: 'stream-daily', rest: 'stream-rest' };
const HOLE_NAMES: Names = { archive_monthly: 'holes-monthly', archive_daily: 'holes-daily', rest: 'holes' };

/** The items of the two fetch maps. */
export interface Batches<Batch> {
  readonly archive: Batch[];
  readonly rest: Batch[];
}

/**
 * Distributes chunks over the items of the fetch maps, in order. Batch names are unique in the run and safe as file
 * names.
 */
export function batchChunks(runId: string, chunks: readonly Chunk[]): Batches<SeriesBatch> {
  return inBatches(chunks, CANDLES, NAMES, (batch, own) => ({ runId, batch, chunks: own }));
}

/**
 * Distributes the chunks of streams in the same way. REST chunks are ordered by symbol, so that streams with separate
 * budgets alternate.
 */
export function batchStreamChunks(runId: string, chunks: readonly StreamChunk[]): Batches<StreamBatch> {
  return inBatches(chunks, STREAMS, STREAM_NAMES, (batch, own) => ({ runId, batch, streamChunks: own }));
}

/** Distributes single-page windows and daily files over the items of the one map that fetches for holes. */
export function batchHoles(runId: string, chunks: readonly Chunk[]): SeriesBatch[] {
  const { archive, rest } = inBatches(chunks, HOLES, HOLE_NAMES, (batch, own) => ({ runId, batch, chunks: own }));
  return [...rest, ...archive];
}

function inBatches<C extends Pick<Chunk, 'source'>, Batch>(
  chunks: readonly C[],
  sizes: Sizes,
  names: Names,
  batchOf: (name: string, chunks: readonly C[]) => Batch,
): Batches<Batch> {
  const batchesOf = (source: Source): Batch[] => {
    const own = chunks.filter((chunk) => chunk.source === source);
    const count = Math.ceil(own.length / sizes[source]);
    return Array.from({ length: count }, (_, at) => {
      const name = `${names[source]}-${String(at + 1).padStart(5, '0')}`;
      return batchOf(name, own.slice(at * sizes[source], (at + 1) * sizes[source]));
    });
  };
  return { archive: [...batchesOf('archive_monthly'), ...batchesOf('archive_daily')], rest: batchesOf('rest') };
}
