import type { ArchiveWorld } from '../../lake/fetch/fetch-archive.ts';
import { failureOf, parseChecksum, TIMEOUT_MS } from '../../lake/fetch/fetch-archive.ts';
import { patiently } from './patiently.ts';

/**
 * The sha256 that the archive gives of a file, without the file. @throws NotPublished where its checksum is not there,
 * UnexpectedFormat where it is no checksum of this file
 * @param path of the file below the archive's base URL
 */
export async function fetchChecksum(path: string, world: Omit<ArchiveWorld, 'store'>): Promise<string> {
  const url = `${world.urls.archive}/${encodeURI(path)}.CHECKSUM`;
  return patiently(world, async () => {
    const got = await world.http.get(url, { timeoutMs: TIMEOUT_MS });
    if (got.status !== 200) throw failureOf(url, got);
    return parseChecksum(got, path.slice(path.lastIndexOf('/') + 1));
  });
}
