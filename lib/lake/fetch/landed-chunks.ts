import pLimit from 'p-limit';
import type { Chunk } from '../../domain/chunk.ts';
import type { Stream } from '../../domain/stream.ts';
import { isStream, type Subject, subjectName, subjectOf } from '../../domain/subject.ts';
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
import { OPEN_FOR_MS, pageOf } from '../landing/open-page.ts';
import { standsFor } from '../landing/stands-for.ts';
import { parseSightingKey, type Sighting } from '../stream-keys.ts';

/** A chunk of candles or of a stream. */
export type AnyChunk = Chunk | Chunk<Stream>;

/** The landed objects of one series or stream. Only instruments have sightings. */
export interface LandedObjects {
  readonly ids: readonly (LandingId | LandingId<Stream>)[];
  readonly sightings: readonly Sighting[];
}

/** Series or streams listed at once. */
const AT_ONCE = 4;

/**
 * Lists what has landed of the chunks' series or streams. Of the answers of open pages only those are listed whose page
 * a chunk requests.
 */
export async function listLanded(
  chunks: readonly AnyChunk[],
  store: ObjectStore,
): Promise<(chunk: AnyChunk) => LandedObjects> {
  const limit = pLimit(AT_ONCE);
  const subjects = new Map(chunks.map((chunk) => [nameOf(chunk), subjectOf<Subject>(chunk)]));
  const landed = new Map<string, LandedObjects>();
  await Promise.all(
    [...subjects].map(([name, subject]) =>
      limit(async () => {
        const pages = chunks.filter((chunk) => nameOf(chunk) === name).flatMap(({ openPageMs }) => openPageMs ?? []);
        const prefixes = [closedPrefix(subject), ...pages.map((pageMs) => openLandingPrefix(subject, pageMs))];
        const lists = await Promise.all([...new Set(prefixes)].map((prefix) => store.list(prefix)));
        const keys = lists.flat().map(({ key }) => key);
        landed.set(name, {
          ids: keys.flatMap((key) => parseReceiptKey(subject, key) ?? []),
          sightings: isStream(subject) ? keys.flatMap((key) => parseSightingKey(subject, key) ?? []) : [],
        });
      }),
    ),
  );
  return (chunk) => landed.get(nameOf(chunk))!;
}

function nameOf(chunk: AnyChunk): string {
  return subjectName(subjectOf<Subject>(chunk));
}

function closedPrefix(subject: Subject): string {
  return isStream(subject) && subject.name === 'instruments' ? landingPrefix(subject) : closedLandingPrefix(subject);
}

/** Returns true if nothing of the chunk is left to fetch. */
export async function isLanded(chunk: AnyChunk, landed: LandedObjects, store: ObjectStore): Promise<boolean> {
  const { source, range, revision } = chunk;
  if ('stream' in chunk && chunk.stream.name === 'instruments') {
    return landed.sightings.some(({ part, seenAtMs }) => part === 'exchange_info' && seenAtMs > range.fromMs);
  }
  if (source === 'rest') return subtractRanges(range, restRanges(chunk, landed)).length === 0;
  const files = landed.ids.filter((id) => id.source === source && id.range.fromMs === range.fromMs);
  if (!revision) return files.length > 0;
  const receipts = await Promise.all(files.map(async (id) => ({ id, bytes: await store.get(receiptKey(id)) })));
  return standsFor(receipts, revision);
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
export function withoutEndedPage(chunk: AnyChunk, nowMs: number): AnyChunk {
  const { openPageMs, ...closed } = chunk;
  const { interval } = subjectOf<Subject>(chunk);
  if (openPageMs === undefined || interval === undefined) return chunk;
  return nowMs < pageOf(interval, openPageMs)!.toMs + OPEN_FOR_MS ? chunk : closed;
}
