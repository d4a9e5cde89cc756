import { type ArchiveVersion, isAsNewAs } from '../../domain/archive-version.ts';
import { byNewest, landingsOf, parseLandedReceipt, type ReceiptId } from './receipt.ts';

/** A receipt as it lies in the lake; without bytes where it is gone. */
export interface StoredReceipt {
  readonly id: ReceiptId;
  readonly bytes: Uint8Array | undefined;
}

/**
 * True where what stands for an archive file, the newest of all that landed of it, is of this version or of a later one. That
 * an older one is says nothing: a file that is put back as it was has the ETag that it had.
 * @param receipts of all that landed of the file; one that cannot be read vouches for no version
 */
export function standsFor(receipts: readonly StoredReceipt[], version: ArchiveVersion): boolean {
  const [standing] = receipts.flatMap(({ id, bytes }) => (bytes && parseLandedReceipt(bytes, id)) ?? []).sort(byNewest);
  if (!standing) return false;
  const { sizeBytes } = standing;
  return landingsOf(standing).some((landing) => isAsNewAs({ ...landing, sizeBytes }, version));
}
