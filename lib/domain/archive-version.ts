/** Which of its versions an archive file is, as S3 tells it in a listing. */
export interface ArchiveVersion {
  readonly lastModifiedMs: number;
  /** In S3's own form or without its quotes. */
  readonly etag?: string | undefined;
  readonly sizeBytes: number;
}
