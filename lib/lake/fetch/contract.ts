import * as z from 'zod';
import type { Chunk } from '../../domain/chunk.ts';
import type { ExchangeAccess } from '../../exchange/access.ts';
import type { ObjectStore } from '../../ports.ts';
import { RUN_ID, SERIES_CHUNK, STREAM_CHUNK } from '../event-schemas.ts';

const BATCH = { runId: RUN_ID, batch: z.string().min(1) };

const SERIES_BATCH = z.strictObject({ ...BATCH, chunks: z.array(SERIES_CHUNK).readonly() }).readonly();
const STREAM_BATCH = z.strictObject({ ...BATCH, streamChunks: z.array(STREAM_CHUNK).readonly() }).readonly();
export type SeriesBatch = z.infer<typeof SERIES_BATCH>;
export type StreamBatch = z.infer<typeof STREAM_BATCH>;

/** Event of the fetch stage: one item of a fetch map, with chunks of candles or of streams. */
export const FETCH_INPUT = z.union([SERIES_BATCH, STREAM_BATCH]);
export type FetchInput = z.infer<typeof FETCH_INPUT>;

/** The lake and the exchange, as fetch uses them. */
export interface FetchContext extends ExchangeAccess {
  readonly store: ObjectStore;
}

/** The requests, bytes and weight that a chunk or a batch took. */
export interface Spent {
  readonly requests: number;
  readonly bytes: number;
  readonly restWeight: number;
}

export interface FetchResult extends Spent {
  readonly batch: string;
  readonly landed: number;
  /** Chunks that had landed before, and cost nothing. */
  readonly skipped: number;
}

/** Written in place of a chunk's bytes if fetching failed: the chunk, and how it failed. */
export type FetchFailure = Chunk & {
  /** Name of the error. */
  readonly error: string;
  readonly message: string;
  readonly atMs: number;
};
