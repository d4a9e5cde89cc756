/** Which of its versions an archive file is, as S3 tells it in a listing. */
export interface ArchiveVersion {
  readonly lastModifiedMs: number;
  /** In S3's own form or without its quotes. */
  readonly etag?: string | undefined;
  readonly sizeBytes: number;
}

/** What came with the bytes of an archive file; a receipt is one. */
export interface FetchedVersion {
  readonly sizeBytes: number;
  /** The header of that name, RFC 9110. */
  readonly lastModified?: string;
  readonly etag?: string;
}

/**
 * True where fetched bytes are of this version or of a later one. The ETag settles it where both have one and they are
 * the same; else the times, which a header gives to the second; else the sizes.
 */
export function isAsNewAs(fetched: FetchedVersion, version: ArchiveVersion): boolean {
  const etag = bare(version.etag);
  if (etag !== undefined && bare(fetched.etag) === etag) return true;
  const fetchedMs = Date.parse(fetched.lastModified ?? '');
  const listedMs = Math.floor(version.lastModifiedMs / 1000) * 1000;
  if (Number.isNaN(fetchedMs) || fetchedMs === listedMs) return fetched.sizeBytes === version.sizeBytes;
  return fetchedMs > listedMs;
}

/** Proxies mark an ETag as weak, and not everybody quotes it. */
function bare(etag: string | undefined): string | undefined {
  return etag?.replace(/^W\//, '').replaceAll('"', '');
}
