import pLimit from 'p-limit';
import { chunkName, type StreamChunk } from '../../domain/chunk.ts';
import { isOfSnapshots } from '../../domain/stream-times.ts';
import { streamArchivePath } from '../../exchange/binance/stream-archive-path.ts';
import { streamGovernors } from '../../exchange/binance/stream-governors.ts';
import { weightGovernor } from '../../exchange/binance/weight-governor.ts';
import { isLanded, type LandedObjects, listLanded, missingRanges, withoutEndedPage } from '../landing/landed-chunks.ts';
import { chunkErrors, resultOf, throwFailure } from './batch-outcome.ts';
import type { FetchResult, StreamFetchInput } from './contract.ts';
import type { FetchWorld } from './fetch.ts';
import { getVerified } from './fetch-archive.ts';
import { fetchSnapshot } from './fetch-snapshot.ts';
import { fetchStreamWindow, type StreamRestWorld } from './fetch-stream-window.ts';
import { landStream } from './land-stream.ts';
import { assertRevision } from './revision.ts';
import type { Spent } from './spent.ts';

/** Archive files at once; REST goes one by one. */
const FILES_AT_ONCE = 4;

/**
 * Lands a batch of chunks of streams; what has landed already costs nothing. As with candles a chunk that fails stops no
 * other, and one failure is thrown at the end: the first that a pause may mend, or else the first.
 */
export async function fetchStreams(input: StreamFetchInput, world: FetchWorld): Promise<FetchResult> {
  const { batch, streamChunks } = input;
  const chunks = streamChunks.map((chunk) => withoutEndedPage(chunk, world.clock.nowMs()));
  const governor = world.governor ?? weightGovernor(world.clock);
  const restWorld = { ...world, governors: streamGovernors(world.clock, governor) };
  const landed = await listLanded(chunks, world.store);
  const limits = { archive: pLimit(FILES_AT_ONCE), rest: pLimit(1) };
  const outcomes = await Promise.allSettled(
    chunks.map(async (chunk) => {
      const there = landed(chunk);
      const limit = chunk.source === 'rest' ? limits.rest : limits.archive;
      if (await isLanded(chunk, there, world.store)) return undefined;
      return limit(() => fetchChunk(chunk, there, restWorld));
    }),
  );
  throwFailure(chunkErrors(streamChunks, outcomes), streamChunks.length, chunkName);
  return resultOf(batch, outcomes);
}

async function fetchChunk(chunk: StreamChunk, there: LandedObjects, world: StreamRestWorld): Promise<Spent> {
  const { stream, source, range } = chunk;
  if (isOfSnapshots(stream)) return fetchSnapshot(chunk, world);
  if (source === 'rest') return fetchStreamWindow(chunk, missingRanges(chunk, there), world);
  const { answer, url, requests, bytes } = await getVerified(streamArchivePath(stream, source, range), world);
  assertRevision(chunk, answer, url);
  await landStream({ chunk, range, url, answer }, world);
  return { requests, bytes, restWeight: 0 };
}
