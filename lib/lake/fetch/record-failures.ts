import { isExchangeFailure } from '../../domain/errors.ts';
import type { Clock, ObjectStore } from '../../ports.ts';
import { failureKey } from '../keys.ts';
import type { FetchFailure } from './contract.ts';
import type { AnyChunk } from './landed-chunks.ts';

/** A chunk, and the error that it ended with. */
export interface ChunkError {
  readonly chunk: AnyChunk;
  readonly error: unknown;
}

/**
 * Records each chunk of candles that the exchange did not give, so that the ledger can name the reason. Only failures
 * of the exchange are recorded: our own faults are not evidence about candles. An archive file that fails for the same
 * reason keeps its first record, so that runs without news change no ledger. Never throws, because the failures
 * themselves are what the stage ends with.
 */
export async function recordFailures(
  errors: readonly ChunkError[],
  { store, clock }: { readonly store: ObjectStore; readonly clock: Clock },
): Promise<void> {
  await Promise.allSettled(
    errors.map(async ({ chunk, error }) => {
      if ('stream' in chunk || !isExchangeFailure(error)) return;
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
