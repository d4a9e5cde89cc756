import { type ArchiveVersion, isAsNewAs } from './archive-version.ts';
import { byNewest, landingsOf, type Receipt } from './receipt.ts';

/**
 * True where what stands for an archive file, the newest of all that landed of it, is of this version or of a later one. That
 * an older one is says nothing: a file that is put back as it was has the ETag that it had.
 * @param receipts of all that landed of the file; one that cannot be read vouches for no version
 */
export function standsFor(receipts: readonly (Uint8Array | undefined)[], version: ArchiveVersion): boolean {
  const [standing] = receipts.flatMap((bytes) => readReceipt(bytes) ?? []).sort(byNewest);
  if (!standing) return false;
  const { sizeBytes } = standing;
  return landingsOf(standing).some((landing) => isAsNewAs({ ...landing, sizeBytes }, version));
}

function readReceipt(bytes: Uint8Array | undefined): Receipt | undefined {
  try {
    return (bytes && (JSON.parse(new TextDecoder().decode(bytes)) as Receipt | null)) ?? undefined;
  } catch {
    return undefined;
  }
}
