import pLimit from 'p-limit';
import { chunkName, type StreamChunk } from '../../domain/chunk.ts';
import { type Stream, streamTitle } from '../../domain/stream.ts';
import { streamArchivePath } from '../../exchange/binance/stream-archive-path.ts';
import { streamGovernors } from '../../exchange/binance/stream-governors.ts';
import { weightGovernor } from '../../exchange/binance/weight-governor.ts';
import { type LandingId, landingPrefix, receiptKey } from '../keys.ts';
import { hasStreamLanded, type StreamLanded, streamLanded, vouchersOf } from '../landing/stream-landed.ts';
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
  const governor = world.governor ?? weightGovernor(world.clock);
  const restWorld = { ...world, governors: streamGovernors(world.clock, governor) };
  const landed = await askLanded(streamChunks, world);
  const read = async (id: LandingId<Stream>) => ({ id, bytes: await world.store.get(receiptKey(id)) });
  const limits = { archive: pLimit(FILES_AT_ONCE), rest: pLimit(1) };
  const outcomes = await Promise.allSettled(
    streamChunks.map(async (chunk) => {
      const there = landed.get(streamTitle(chunk.stream))!;
      const limit = chunk.source === 'rest' ? limits.rest : limits.archive;
      const receipts = await Promise.all(vouchersOf(chunk, there).map(read));
      return hasStreamLanded(chunk, there, receipts) ? undefined : limit(() => fetchChunk(chunk, there, restWorld));
    }),
  );
  throwFailure(chunkErrors(streamChunks, outcomes), streamChunks.length, chunkName);
  return resultOf(batch, outcomes);
}

async function fetchChunk(chunk: StreamChunk, there: StreamLanded, world: StreamRestWorld): Promise<Spent> {
  const { stream, source, range } = chunk;
  if (stream.name === 'instruments') return fetchSnapshot(chunk, world);
  if (source === 'rest') {
    const windows = there.ids.filter((id) => id.source === 'rest').map((id) => id.range);
    return fetchStreamWindow(chunk, windows, world);
  }
  const { answer, url, requests, bytes } = await getVerified(streamArchivePath(stream, source, range), world);
  assertRevision(chunk, answer, url);
  await landStream({ chunk, range, url, answer }, world);
  return { requests, bytes, restWeight: 0 };
}

async function askLanded(
  chunks: readonly StreamChunk[],
  { store }: FetchWorld,
): Promise<ReadonlyMap<string, StreamLanded>> {
  const streams = new Map<string, Stream>(chunks.map(({ stream }) => [streamTitle(stream), stream]));
  const limit = pLimit(FILES_AT_ONCE);
  const entries = await Promise.all(
    [...streams].map(([title, stream]) =>
      limit(async (): Promise<[string, StreamLanded]> => {
        const objects = await store.list(landingPrefix(stream));
        const keys = objects.map(({ key }) => key);
        return [title, streamLanded(stream, keys)];
      }),
    ),
  );
  return new Map(entries);
}
