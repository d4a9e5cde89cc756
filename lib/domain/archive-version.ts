/** The version of an archive file, as S3 lists it. */
export interface ArchiveVersion {
  readonly lastModifiedMs: number;
  /** In S3's own form or without its quotes. */
  readonly etag?: string | undefined;
  readonly sizeBytes: number;
}

/** The version of fetched bytes of an archive file. A receipt contains it. */
export interface FetchedVersion {
  readonly sizeBytes: number;
  /** The header of that name, RFC 9110. */
  readonly lastModified?: string;
  readonly etag?: string;
}

/**
 * Returns true if fetched bytes are of this version or of a later one. Equal ETags decide it; otherwise the times,
 * which a header gives to the second; otherwise the sizes.
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
