import type { Chunk } from '../../domain/chunk.ts';
import { isExchangeFailure } from '../../domain/errors.ts';
import type { Clock, ObjectStore } from '../../ports.ts';
import { failureKey } from '../keys.ts';
import type { ChunkError } from './batch-outcome.ts';
import type { FetchFailure } from './contract.ts';

/**
 * Writes down each chunk that the exchange did not give, so that the lake itself can say why it lacks it. Only what the
 * exchange did is written: a fault of ours says nothing about the candles. An archive file that fails as it did before
 * keeps the record of the first time, so that runs which learn nothing change no ledger. Never throws: the failures themselves
 * are what the stage ends with, also where the store takes no more.
 */
export async function recordFailures(
  errors: readonly ChunkError<Chunk>[],
  { store, clock }: { readonly store: ObjectStore; readonly clock: Clock },
): Promise<void> {
  await Promise.allSettled(
    errors.map(async ({ chunk, error }) => {
      if (!isExchangeFailure(error)) return;
      const failure: FetchFailure = { ...chunk, error: error.name, message: error.message, atMs: clock.nowMs() };
      if (chunk.source !== 'rest' && isSame(await store.get(failureKey(chunk)), failure)) return;
      await store.put(failureKey(chunk), new TextEncoder().encode(JSON.stringify(failure)));
    }),
  );
}

function isSame(record: Uint8Array | undefined, failure: FetchFailure): boolean {
  if (!record) return false;
  try {
    const before = JSON.parse(new TextDecoder().decode(record)) as Partial<FetchFailure> | null;
    return before?.error === failure.error && before.message === failure.message && before.atMs !== undefined;
  } catch {
    return false;
  }
}
