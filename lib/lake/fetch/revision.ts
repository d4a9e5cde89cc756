import { isAsNewAs } from '../../domain/archive-version.ts';
import type { Chunk, StreamChunk } from '../../domain/chunk.ts';
import { NotPublished } from '../../domain/errors.ts';
import { isoTime } from '../../domain/time-range.ts';
import type { HttpAnswer, ObjectStore } from '../../ports.ts';
import { newestIsAtLeast } from '../landing/newest-version.ts';
import type { ReceiptId } from '../landing/receipt.ts';
import { fetchedVersion } from './fetched-version.ts';

/**
 * True where what stands for an archive file is as new as the chunk wants it; any version will do for most.
 * @param keyOf key of a receipt
 */
export async function hasRevision<Id extends ReceiptId>(
  { source, range, revision }: Chunk | StreamChunk,
  landed: readonly Id[],
  keyOf: (id: Id) => string,
  store: ObjectStore,
): Promise<boolean> {
  if (!revision) return true;
  const same = landed.filter((id) => id.source === source && id.range.fromMs === range.fromMs);
  const receipts = await Promise.all(same.map(async (id) => ({ id, bytes: await store.get(keyOf(id)) })));
  return newestIsAtLeast(receipts, revision);
}

/**
 * Sees that an answer is of the version wanted: what stands between us and the archive may keep the older one for a while,
 * checksum and all. @throws NotPublished
 */
export function assertRevision({ revision }: Chunk | StreamChunk, answer: HttpAnswer, url: string): void {
  const fetched = fetchedVersion(answer);
  const { sizeBytes, lastModified } = fetched;
  if (!revision || isAsNewAs(fetched, revision)) return;
  throw new NotPublished(
    `${url} has ${sizeBytes} bytes of ${lastModified ?? 'an unknown time'}, expected the ${revision.sizeBytes} of ${isoTime(revision.lastModifiedMs)}`,
  );
}
