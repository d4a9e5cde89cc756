import type { StreamChunk } from '../../domain/chunk.ts';
import type { Stream } from '../../domain/stream.ts';
import { subtractRanges } from '../../domain/time-range.ts';
import { type LandingId, parseReceiptKey } from '../keys.ts';
import { parseSightingKey, type Sighting } from '../stream-keys.ts';
import { type StoredReceipt, standsFor } from './stands-for.ts';

/** What has landed of one stream: answers, and for instruments what was seen and when. */
export interface StreamLanded {
  readonly ids: readonly LandingId<Stream>[];
  readonly sightings: readonly Sighting[];
}

/** @param keys below the prefix of what landed of the stream */
export function streamLanded(stream: Stream, keys: readonly string[]): StreamLanded {
  return {
    ids: keys.flatMap((key) => parseReceiptKey(stream, key) ?? []),
    sightings: keys.flatMap((key) => parseSightingKey(stream, key) ?? []),
  };
}

/** Whose receipts have to be read to tell whether the chunk has landed: nobody's, but of a file that was published anew. */
export function vouchersOf({ source, range, revision }: StreamChunk, { ids }: StreamLanded): LandingId<Stream>[] {
  if (!revision) return [];
  return ids.filter((id) => id.source === source && id.range.fromMs === range.fromMs);
}

/**
 * True where nothing of the chunk is left to fetch: a snapshot was seen lately enough, the window is covered, from
 * wherever, or the file is there, and what stands for it is as new as the chunk wants it.
 * @param receipts those of its vouchers
 */
export function hasStreamLanded(
  { stream, source, range, revision }: Pick<StreamChunk, 'stream' | 'source' | 'range' | 'revision'>,
  { ids, sightings }: StreamLanded,
  receipts: readonly StoredReceipt[] = [],
): boolean {
  if (stream.name === 'instruments') {
    return sightings.some(({ part, seenAtMs }) => part === 'exchange_info' && seenAtMs > range.fromMs);
  }
  if (source === 'rest') {
    const covered = ids.map((id) => id.range);
    return subtractRanges(range, covered).length === 0;
  }
  if (revision) return standsFor(receipts, revision);
  return ids.some((id) => id.source === source && id.range.fromMs === range.fromMs);
}
