import type { FetchInput, FetchResult, StreamFetchInput } from './contract.ts';
import { type FetchWorld, fetchChunks } from './fetch.ts';
import { fetchStreams } from './fetch-streams.ts';

/** Lands one item of a fetch map: chunks of candles, or of streams. */
export function fetchBatch(input: FetchInput | StreamFetchInput, world: FetchWorld): Promise<FetchResult> {
  return 'streamChunks' in input ? fetchStreams(input, world) : fetchChunks(input, world);
}
