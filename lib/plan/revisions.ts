import type { ArchiveVersion } from '../domain/archive-version.ts';
import { rangeLabel } from '../domain/chunk.ts';
import { archiveCheckKey, type LandingId, receiptKey } from '../domain/keys.ts';
import type { Series } from '../domain/series.ts';
import { standsFor } from '../domain/stands-for.ts';
import { isoTime } from '../domain/time-range.ts';
import type { ObjectStore } from '../ports.ts';
import type { ArchiveFile } from './plan-chunks.ts';

/** What came of holding the archive's listing against what landed. */
export interface RevisionCheck {
  /** The files asked about; those that landed in an older version only are marked. */
  readonly files: readonly ArchiveFile[];
  /** The checks to keep for the next time; undefined where nothing was learned. */
  readonly checks: Uint8Array | undefined;
  /** Objects read for it. */
  readonly reads: number;
}

/** What the archive said of each file, `archive_monthly/2024-02`, when it was found to be what landed. */
type Checks = Record<string, string>;

/**
 * Finds the files that the archive has published anew since they landed. What it says of a file is held against what it
 * said when the file was last found to agree with its receipt: one object a series, read once. Only where the two differ
 * are receipts read; so a receipt is read once in its life, and again after a revision. The checks are a memory and no
 * evidence: without them, or with damaged ones, the receipts are read.
 */
export async function checkRevisions(
  series: Series,
  files: readonly ArchiveFile[],
  landed: readonly LandingId[],
  store: ObjectStore,
): Promise<RevisionCheck> {
  const byFile = new Map<string, LandingId[]>();
  for (const id of landed) {
    const label = labelOf(id);
    byFile.set(label, [...(byFile.get(label) ?? []), id]);
  }
  if (!files.some((file) => file.version && byFile.has(labelOf(file)))) return { files, checks: undefined, reads: 0 };

  const checks = parseChecks(await store.get(archiveCheckKey(series)));
  let reads = 1;
  let learned = false;

  async function check(file: ArchiveFile): Promise<ArchiveFile> {
    const { version } = file;
    const label = labelOf(file);
    const ids = byFile.get(label);
    if (!version || !ids || checks[label] === wordsOf(version)) return file;
    const receipts = await Promise.all(ids.map((id) => store.get(receiptKey(id))));
    reads += ids.length;
    if (!standsFor(receipts, version)) return { ...file, revised: true };
    checks[label] = wordsOf(version);
    learned = true;
    return file;
  }

  const checked = await Promise.all(files.map(check));
  return { files: checked, checks: learned ? encodeChecks(checks) : undefined, reads };
}

function labelOf({ source, range }: Pick<LandingId, 'source' | 'range'>): string {
  return `${source}/${rangeLabel(source, range)}`;
}

function wordsOf({ lastModifiedMs, sizeBytes, etag }: ArchiveVersion): string {
  return `${isoTime(lastModifiedMs)} ${sizeBytes} ${etag ?? ''}`.trim();
}

function parseChecks(bytes: Uint8Array | undefined): Checks {
  try {
    const parsed: unknown = bytes ? JSON.parse(new TextDecoder().decode(bytes)) : {};
    return typeof parsed === 'object' && parsed !== null ? { ...(parsed as Checks) } : {};
  } catch {
    return {};
  }
}

/** In the order of names, so that the same checks are the same bytes. */
function encodeChecks(checks: Checks): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(checks, Object.keys(checks).sort(), 1)}\n`);
}
