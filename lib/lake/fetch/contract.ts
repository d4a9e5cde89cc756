import { z } from 'zod';
import type { Chunk } from '../../domain/chunk.ts';
import type { Stream } from '../../domain/stream.ts';
import { RUN_ID, SERIES_CHUNK, STREAM_CHUNK } from '../event-schemas.ts';
import type { Receipt } from '../landing/receipt.ts';
import type { Sighting } from '../stream-keys.ts';

const BATCH = { runId: RUN_ID, batch: z.string().min(1) };

const SERIES_BATCH = z.strictObject({ ...BATCH, chunks: z.array(SERIES_CHUNK).readonly() }).readonly();
const STREAM_BATCH = z.strictObject({ ...BATCH, streamChunks: z.array(STREAM_CHUNK).readonly() }).readonly();
export type SeriesBatch = z.infer<typeof SERIES_BATCH>;
export type StreamBatch = z.infer<typeof STREAM_BATCH>;

/** Event of the fetch stage: one item of a fetch map, with chunks of candles or of streams. */
export const FETCH_INPUT = z.union([SERIES_BATCH, STREAM_BATCH]);
export type FetchInput = z.infer<typeof FETCH_INPUT>;

export interface FetchResult {
  readonly batch: string;
  readonly landed: number;
  /** Chunks that had landed before, and cost nothing. */
  readonly skipped: number;
  readonly requests: number;
  readonly bytes: number;
  readonly restWeight: number;
}

/** Written in place of a chunk's bytes if fetching failed: the chunk, and how it failed. */
export type FetchFailure = Chunk & {
  /** Name of the error. */
  readonly error: string;
  readonly message: string;
  readonly atMs: number;
};

/** Written beside the landed bytes of a stream. */
export type StreamReceipt = Receipt<Stream>;

/** Written each time that a part of a snapshot was seen. */
export interface SightingReceipt extends Sighting {
  /** The landed bytes with the same content. */
  readonly bytesKey: string;
  /** Hash of the bytes received this time: the bytes at `bytesKey`, with `seenAtMs` as their serverTime. */
  readonly sha256: string;
  readonly url: string;
  readonly fetchedAtMs: number;
  readonly sizeBytes: number;
}
