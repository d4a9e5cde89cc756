import { type ArchiveVersion, isAsNewAs } from '../../domain/archive-version.ts';
import { byNewest, landingsOf, parseLandedReceipt, type ReceiptId } from './receipt.ts';

/** A stored receipt. The bytes are undefined if it is gone. */
interface StoredReceipt {
  readonly id: ReceiptId;
  readonly bytes: Uint8Array | undefined;
}

/**
 * Returns true if the newest receipt of an archive file is at least as new as `version`. Older receipts do not count:
 * if the exchange restores an earlier file, its ETag is the earlier one again.
 * @param receipts of all that landed of the file; one that cannot be read is ignored
 */
export function newestIsAtLeast(receipts: readonly StoredReceipt[], version: ArchiveVersion): boolean {
  const [newest] = receipts.flatMap(({ id, bytes }) => (bytes && parseLandedReceipt(bytes, id)) ?? []).sort(byNewest);
  if (!newest) return false;
  const { sizeBytes } = newest;
  return landingsOf(newest).some((landing) => isAsNewAs({ ...landing, sizeBytes }, version));
}
