import type { Chunk, StreamChunk } from '../../domain/chunk.ts';
import type { Stream } from '../../domain/stream.ts';
import type { Receipt } from '../landing/receipt.ts';

/** Event of the fetch stage: one item of a fetch map. */
export interface FetchInput {
  readonly runId: string;
  readonly batch: string;
  readonly chunks: readonly Chunk[];
}

/** Event of the fetch stage where the item is of a fetch map of streams. */
export interface StreamFetchInput {
  readonly runId: string;
  readonly batch: string;
  readonly streamChunks: readonly StreamChunk[];
}

export interface FetchResult {
  readonly batch: string;
  readonly landed: number;
  /** Chunks that were there already and cost nothing. */
  readonly skipped: number;
  readonly requests: number;
  readonly bytes: number;
  readonly restWeight: number;
}

/** Written where a chunk's bytes would have landed, when it failed: what was asked for, and how it ended. */
export interface FetchFailure extends Chunk {
  /** Name of the error. */
  readonly error: string;
  readonly message: string;
  readonly atMs: number;
}

/** Written beside the landed bytes of a stream. */
export type StreamReceipt = Receipt<Stream>;

export type { SightingReceipt } from '../landing/sightings.ts';
