import type { FetchedVersion } from '../../domain/archive-version.ts';
import type { HttpAnswer } from '../../ports.ts';

/** What an answer says of the bytes that it brought; what it leaves out is left out. */
export function fetchedVersion({ headers, body }: HttpAnswer): FetchedVersion {
  const lastModified = headers['last-modified'];
  const etag = headers['etag'];
  return {
    sizeBytes: body.byteLength,
    ...(lastModified === undefined ? {} : { lastModified }),
    ...(etag === undefined ? {} : { etag }),
  };
}
