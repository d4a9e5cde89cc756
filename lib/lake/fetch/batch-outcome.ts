import { ExchangeBusy } from '../../domain/errors.ts';
import type { FetchResult } from './contract.ts';
import type { Spent } from './spent.ts';

/** A chunk, and what was thrown of it. */
export interface ChunkError<Chunk> {
  readonly chunk: Chunk;
  readonly error: unknown;
}

/** How each chunk of a batch ended, in their order; one that had landed before cost nothing. */
export type Outcomes = readonly PromiseSettledResult<Spent | undefined>[];

export function chunkErrors<Chunk>(chunks: readonly Chunk[], outcomes: Outcomes): ChunkError<Chunk>[] {
  return outcomes.flatMap((outcome, index) =>
    outcome.status === 'rejected' ? [{ chunk: chunks[index]!, error: outcome.reason as unknown }] : [],
  );
}

/**
 * Throws the failure that a batch ends with, if any: the first that a pause may mend, or else the first. Puts the chunk's
 * name, and the number of the others that failed, into the message; name and fields stay the error's own.
 * @param count of the chunks of the batch
 */
export function throwFailure<Chunk>(
  errors: readonly ChunkError<Chunk>[],
  count: number,
  nameOf: (chunk: Chunk) => string,
): void {
  const first = errors.find(({ error }) => error instanceof ExchangeBusy) ?? errors[0];
  if (!first) return;
  if (first.error instanceof Error) {
    const others = errors.length > 1 ? ` (and ${errors.length - 1} more of ${count} chunks failed)` : '';
    first.error.message = `${nameOf(first.chunk)}: ${first.error.message}${others}`;
  }
  throw first.error;
}

/** What a batch brought of which nothing failed. */
export function resultOf(batch: string, outcomes: Outcomes): FetchResult {
  const spent = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' && outcome.value) || []);
  const sum = (value: (one: Spent) => number): number => spent.reduce((total, one) => total + value(one), 0);
  return {
    batch,
    landed: spent.length,
    skipped: outcomes.length - spent.length,
    requests: sum(({ requests }) => requests),
    bytes: sum(({ bytes }) => bytes),
    restWeight: sum(({ restWeight }) => restWeight),
  };
}
