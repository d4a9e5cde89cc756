import type { ArchiveVersion } from '../../domain/archive-version.ts';
import { rangeLabel } from '../../domain/chunk.ts';
import { isoTime } from '../../domain/time-range.ts';
import type { ObjectStore } from '../../ports.ts';
import { newestIsAtLeast } from '../landing/newest-version.ts';
import type { ArchiveFile, Landed } from './plan-chunks.ts';

/** What the lake has of a series or stream, and where its receipt is. */
export interface LandedFile extends Landed {
  readonly sha256: string;
  readonly receiptKey: string;
}

/** What came of holding the archive's listing against what landed. */
export interface RevisionCheck {
  /** The files asked about; those that landed in an older version only are marked. */
  readonly files: readonly ArchiveFile[];
  /** The checks to keep for the next time; undefined where nothing was learned. */
  readonly checks: Uint8Array | undefined;
  /** Objects read for it. */
  readonly reads: number;
}

/** What the archive said of each file, `archive_monthly/2024-02`, when it was found to be what landed, and which receipts said so. */
type Checks = Record<string, string>;

/**
 * Finds the files that the archive has published anew since they landed. What it says of a file is held against what it
 * said when the file was last found to agree with its receipt: one object a series or stream, read once. Only where the
 * two differ, or there are other receipts, are they read; so a receipt is read once in its life, and again after a revision. The
 * checks are a memory and no evidence: without them, or with damaged ones, the receipts are read.
 */
export async function checkRevisions(
  checkKey: string,
  files: readonly ArchiveFile[],
  landed: readonly LandedFile[],
  store: ObjectStore,
): Promise<RevisionCheck> {
  const byFile = new Map<string, LandedFile[]>();
  for (const id of landed) {
    const label = labelOf(id);
    byFile.set(label, [...(byFile.get(label) ?? []), id]);
  }
  if (!files.some((file) => file.version && byFile.has(labelOf(file)))) return { files, checks: undefined, reads: 0 };

  const checks = parseChecks(await store.get(checkKey));
  let reads = 1;
  let learned = false;

  async function check(file: ArchiveFile): Promise<ArchiveFile> {
    const { version } = file;
    const label = labelOf(file);
    const own = byFile.get(label);
    if (!version || !own) return file;
    const words = `${wordsOf(version)} ${digitsOf(own)}`;
    if (checks[label] === words) return file;
    const receipts = await Promise.all(own.map(async (id) => ({ id, bytes: await store.get(id.receiptKey) })));
    reads += own.length;
    if (!newestIsAtLeast(receipts, version)) return { ...file, revised: true };
    checks[label] = words;
    learned = true;
    return file;
  }

  const checked = await Promise.all(files.map(check));
  return { files: checked, checks: learned ? encodeChecks(checks) : undefined, reads };
}

function labelOf({ source, range }: Landed): string {
  return `${source}/${rangeLabel(source, range)}`;
}

function wordsOf({ lastModifiedMs, sizeBytes, etag }: ArchiveVersion): string {
  return `${isoTime(lastModifiedMs)} ${sizeBytes} ${etag ?? ''}`.trim();
}

/** First digits of the hashes of what landed of a file: where a receipt is lost, what it stood for is to be had again. */
function digitsOf(landed: readonly LandedFile[]): string {
  return landed.map(({ receiptKey }) => receiptKey.slice(receiptKey.lastIndexOf('/') + 1).slice(0, 12)).join(' ');
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
