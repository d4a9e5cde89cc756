import { isAsNewAs } from '../domain/archive-version.ts';
import type { Chunk } from '../domain/chunk.ts';
import { type LandingId, receiptKey } from '../domain/keys.ts';
import type { ObjectStore } from '../ports.ts';
import type { Receipt } from './contract.ts';

/** True where what has landed of an archive file is as new as the chunk wants it; any version will do for most. */
export async function hasRevision(
  { source, range, revision }: Chunk,
  landed: readonly LandingId[],
  store: ObjectStore,
): Promise<boolean> {
  if (!revision) return true;
  const same = landed.filter((id) => id.source === source && id.range.fromMs === range.fromMs);
  for (const id of same) {
    const bytes = await store.get(receiptKey(id));
    if (bytes && isAsNewAs(JSON.parse(new TextDecoder().decode(bytes)) as Receipt, revision)) return true;
  }
  return false;
}
