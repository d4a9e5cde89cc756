import { type FetchedVersion, isAsNewAs } from '../../domain/archive-version.ts';
import { NotPublished } from '../../domain/errors.ts';
import { sha256 } from '../../domain/sha256.ts';
import type { Stream } from '../../domain/stream.ts';
import { about, type Subject, subjectOf } from '../../domain/subject.ts';
import { isoTime, type TimeRange } from '../../domain/time-range.ts';
import type { Fetched } from '../../exchange/venue.ts';
import type { Clock, HttpAnswer, ObjectStore } from '../../ports.ts';
import { landingKey, receiptKey } from '../keys.ts';
import type { AnyChunk } from '../landing/landed-chunks.ts';
import { mergeReceipts, parseReceipt, type Receipt } from '../landing/receipt.ts';
import { putMerged } from '../put-merged.ts';

/** An answer, the chunk that it was requested for, and the part of the chunk that it covers. */
export interface Landing extends Pick<Fetched, 'url' | 'answer'> {
  readonly chunk: AnyChunk;
  readonly range: TimeRange;
}

/**
 * Lands the exact bytes of an answer, then their receipt. Bytes without a receipt do not count, so a crash in between
 * is harmless. Bytes that landed before stay unchanged. Their receipt lists every landing, even if two runs land them
 * at once.
 */
export async function landAnswer(
  { chunk, range, url, answer }: Landing,
  { store, clock }: { readonly store: ObjectStore; readonly clock: Clock },
): Promise<void> {
  const receipt = {
    ...about(subjectOf(chunk)),
    source: chunk.source,
    range,
    sha256: sha256(answer.body),
    ...(chunk.openPageMs !== undefined && { openPageMs: chunk.openPageMs }),
    url,
    fetchedAtMs: clock.nowMs(),
    asOfMs: chunk.asOfMs,
    ...fetchedVersion(answer),
  } as Receipt | Receipt<Stream>;
  await store.put(landingKey(receipt), answer.body);
  await putMerged(store, receiptKey(receipt), (there) => {
    const before = there && parseReceipt<Subject>(there, receipt);
    return new TextEncoder().encode(JSON.stringify(before ? mergeReceipts<Subject>(before, receipt) : receipt));
  });
}

/**
 * Checks that an answer is the wanted version. A cache may keep the older file for a while, checksum and all. @throws
 * NotPublished
 */
export function assertRevision({ revision }: AnyChunk, { answer, url }: Pick<Fetched, 'answer' | 'url'>): void {
  const fetched = fetchedVersion(answer);
  if (!revision || isAsNewAs(fetched, revision)) return;
  throw new NotPublished(
    `${url} has ${fetched.sizeBytes} bytes of ${fetched.lastModified ?? 'an unknown time'}, expected the ` +
      `${revision.sizeBytes} of ${isoTime(revision.lastModifiedMs)}`,
  );
}

/** Returns the version of the bytes of an answer. Headers that are missing are left out. */
function fetchedVersion({ headers, body }: HttpAnswer): FetchedVersion {
  const lastModified = headers['last-modified'];
  const etag = headers['etag'];
  return {
    sizeBytes: body.byteLength,
    ...(lastModified === undefined ? {} : { lastModified }),
    ...(etag === undefined ? {} : { etag }),
  };
}
