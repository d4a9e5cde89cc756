import pLimit from 'p-limit';
import type { Chunk } from '../../domain/chunk.ts';
import type { Stream } from '../../domain/stream.ts';
import { isStream, type Subject, subjectName, subjectOf } from '../../domain/subject.ts';
import { isOfSnapshots } from '../../domain/subject-times.ts';
import { subtractRanges, type TimeRange } from '../../domain/time-range.ts';
import type { ObjectStore } from '../../ports.ts';
import {
  closedLandingPrefix,
  type LandingId,
  landingPrefix,
  openLandingPrefix,
  parseReceiptKey,
  receiptKey,
} from '../keys.ts';
import { parseSightingKey, type Sighting } from '../stream-keys.ts';
import { newestIsAtLeast } from './newest-version.ts';
import { OPEN_FOR_MS, pageOf } from './open-page.ts';

/** A chunk of candles or of a stream. */
export type AnyChunk = Chunk | Chunk<Stream>;

/** The landed objects of one series or stream. Only streams of snapshots have sightings. */
export interface LandedObjects {
  readonly ids: readonly (LandingId | LandingId<Stream>)[];
  readonly sightings: readonly Sighting[];
}

/** Series or streams listed at once. */
const AT_ONCE = 4;

/** Lists what landed for the series or streams of chunks. Open pages are listed only if a chunk requests them. */
export async function listLanded(
  chunks: readonly AnyChunk[],
  store: ObjectStore,
): Promise<(chunk: AnyChunk) => LandedObjects> {
  const limit = pLimit(AT_ONCE);
  const prefixes = new Map<string, { readonly subject: Subject; readonly prefixes: Set<string> }>();
  for (const chunk of chunks) {
    const subject = subjectOf(chunk);
    const own = prefixes.get(subjectName(subject)) ?? { subject, prefixes: new Set([closedPrefix(subject)]) };
    if (chunk.openPageMs !== undefined) own.prefixes.add(openLandingPrefix(subject, chunk.openPageMs));
    prefixes.set(subjectName(subject), own);
  }
  const landed = new Map<string, LandedObjects>();
  await Promise.all(
    [...prefixes].map(([name, { subject, prefixes }]) =>
      limit(async () => {
        const lists = await Promise.all([...prefixes].map((prefix) => store.list(prefix)));
        const keys = lists.flat().map(({ key }) => key);
        landed.set(name, {
          ids: keys.flatMap((key) => parseReceiptKey(subject, key) ?? []),
          sightings: isStream(subject) ? keys.flatMap((key) => parseSightingKey(subject, key) ?? []) : [],
        });
      }),
    ),
  );
  return (chunk) => landed.get(subjectName(subjectOf(chunk)))!;
}

function closedPrefix(subject: Subject): string {
  return isStream(subject) && isOfSnapshots(subject) ? landingPrefix(subject) : closedLandingPrefix(subject);
}

/**
 * Returns true if nothing of the chunk is left to fetch: a snapshot is recent enough; a window of REST is covered; a
 * file has landed in the wanted version.
 * @param coveredBy the sources that may cover a window of REST. An archive file covers it for a report, but not if REST
 *   is asked about candles that the file lacks.
 */
export async function isLanded(
  chunk: AnyChunk,
  landed: LandedObjects,
  store: ObjectStore,
  coveredBy: 'rest' | 'any source' = 'rest',
): Promise<boolean> {
  const { source, range, revision } = chunk;
  if ('stream' in chunk && isOfSnapshots(chunk.stream)) {
    return landed.sightings.some(({ part, seenAtMs }) => part === 'exchange_info' && seenAtMs > range.fromMs);
  }
  if (source === 'rest') {
    const ranges = coveredBy === 'rest' ? restRanges(chunk, landed) : landed.ids.map((id) => id.range);
    return subtractRanges(range, ranges).length === 0;
  }
  const files = landed.ids.filter((id) => id.source === source && id.range.fromMs === range.fromMs);
  if (!revision) return files.length > 0;
  const receipts = await Promise.all(files.map(async (id) => ({ id, bytes: await store.get(receiptKey(id)) })));
  return newestIsAtLeast(receipts, revision);
}

/** Returns the ranges of REST answers that count for a window. Those of an open page count for that page alone. */
function restRanges({ openPageMs }: AnyChunk, { ids }: LandedObjects): TimeRange[] {
  return ids
    .filter((id) => id.source === 'rest' && (id.openPageMs === undefined || id.openPageMs === openPageMs))
    .map(({ range }) => range);
}

/**
 * Returns the parts of a REST window to request. An open page is requested from its begin, so that its answer contains
 * the earlier ones.
 */
export function missingRanges(chunk: AnyChunk, landed: LandedObjects): TimeRange[] {
  return chunk.openPageMs === undefined ? subtractRanges(chunk.range, restRanges(chunk, landed)) : [chunk.range];
}

/** Removes the open page from a window if that page has ended long ago, for example because the run was stopped. */
export function withoutEndedPage<One extends AnyChunk>(chunk: One, nowMs: number): One {
  const { openPageMs, ...closed } = chunk;
  if (openPageMs === undefined) return chunk;
  const page = pageOf(subjectOf(chunk), openPageMs);
  return page && nowMs < page.toMs + OPEN_FOR_MS ? chunk : (closed as One);
}
