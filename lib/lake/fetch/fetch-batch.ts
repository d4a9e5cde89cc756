import pLimit from 'p-limit';
import { chunkName } from '../../domain/chunk.ts';
import { ExchangeBusy } from '../../domain/errors.ts';
import { sumOf } from '../../domain/sum-of.ts';
import { type AnyChunk, isLanded, listLanded, withoutEndedPage } from '../landing/landed-chunks.ts';
import type { FetchContext, FetchInput, FetchResult, Spent } from './contract.ts';
import { fetchChunk } from './fetch-chunk.ts';
import { type ChunkError, recordFailures } from './record-failures.ts';

/** Archive files at once. REST windows are requested one by one. */
const FILES_AT_ONCE = 4;

/**
 * Lands one item of a fetch map. A chunk that has landed costs nothing. A chunk that fails does not stop the others,
 * and a failed chunk of candles is recorded. At the end one failure is thrown, so that the state machine retries the
 * batch by the error's name.
 */
export async function fetchBatch(input: FetchInput, context: FetchContext): Promise<FetchResult> {
  const given: readonly AnyChunk[] = 'streamChunks' in input ? input.streamChunks : input.chunks;
  const chunks = given.map((chunk) => withoutEndedPage(chunk, context.clock.nowMs()));
  const landed = await listLanded(chunks, context.store);
  const limits = { archive: pLimit(FILES_AT_ONCE), rest: pLimit(1) };
  const outcomes = await Promise.allSettled(
    chunks.map(async (chunk) => {
      const there = landed(chunk);
      if (await isLanded(chunk, there, context.store)) return undefined;
      const limit = chunk.source === 'rest' ? limits.rest : limits.archive;
      return limit(() => fetchChunk(chunk, there, context));
    }),
  );
  const errors = outcomes.flatMap((outcome, index) =>
    outcome.status === 'rejected' ? [{ chunk: given[index]!, error: outcome.reason as unknown }] : [],
  );
  await recordFailures(errors, context);
  throwFailure(errors, given.length);
  return resultOf(input.batch, outcomes);
}

/**
 * Throws the failure that a batch ends with, if any: the first that may pass after a pause, otherwise the first. Its
 * message gets the chunk's name and the number of the other failures. Name and fields of the error stay.
 * @param count of the chunks of the batch
 */
export function throwFailure(errors: readonly ChunkError[], count: number): void {
  const first = errors.find(({ error }) => error instanceof ExchangeBusy) ?? errors[0];
  if (!first) return;
  if (first.error instanceof Error) {
    const others = errors.length > 1 ? ` (and ${errors.length - 1} more of ${count} chunks failed)` : '';
    first.error.message = `${chunkName(first.chunk)}: ${first.error.message}${others}`;
  }
  throw first.error;
}

/** Adds up a batch without failures. @param outcomes of the chunks; undefined for a chunk that had landed before */
export function resultOf(batch: string, outcomes: readonly PromiseSettledResult<Spent | undefined>[]): FetchResult {
  const spent = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' && outcome.value) || []);
  return {
    batch,
    landed: spent.length,
    skipped: outcomes.length - spent.length,
    requests: sumOf(spent, ({ requests }) => requests),
    bytes: sumOf(spent, ({ bytes }) => bytes),
    restWeight: sumOf(spent, ({ restWeight }) => restWeight),
  };
}
