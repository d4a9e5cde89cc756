import type { ArchiveVersion } from '../domain/archive-version.ts';
import type { Source } from '../domain/chunk.ts';
import type { TimeRange } from '../domain/time-range.ts';

export type ArchiveSource = Exclude<Source, 'rest'>;

/** One file that an archive lists for a series or stream. */
export interface ArchiveFile {
  readonly source: ArchiveSource;
  /** The whole month or day of the file. */
  readonly range: TimeRange;
  readonly sizeBytes: number;
  /** Undefined if the listing does not name it. */
  readonly version?: ArchiveVersion | undefined;
}
