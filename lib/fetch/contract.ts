import type { Chunk } from '../domain/chunk.ts';
import type { LandingId } from '../domain/keys.ts';

/** Event of the fetch stage: one item of a fetch map. */
export interface FetchInput {
  readonly runId: string;
  readonly batch: string;
  readonly chunks: readonly Chunk[];
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

/** Written beside landed bytes: where they came from and when. Nothing in the refined tables depends on it but `asOfMs`. */
export interface Receipt extends LandingId {
  readonly url: string;
  readonly fetchedAtMs: number;
  /** From the chunk: candles that close after this instant were not closed when fetched. */
  readonly asOfMs: number;
  readonly sizeBytes: number;
  readonly lastModified?: string;
  readonly etag?: string;
}
