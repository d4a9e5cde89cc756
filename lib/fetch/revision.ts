import type { Chunk } from '../domain/chunk.ts';
import { type LandingId, receiptKey } from '../domain/keys.ts';
import { standsFor } from '../domain/stands-for.ts';
import type { ObjectStore } from '../ports.ts';

/** True where what stands for an archive file is as new as the chunk wants it; any version will do for most. */
export async function hasRevision(
  { source, range, revision }: Chunk,
  landed: readonly LandingId[],
  store: ObjectStore,
): Promise<boolean> {
  if (!revision) return true;
  const same = landed.filter((id) => id.source === source && id.range.fromMs === range.fromMs);
  return standsFor(await Promise.all(same.map((id) => store.get(receiptKey(id)))), revision);
}
