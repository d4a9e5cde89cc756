import type { ArchiveVersion } from '../../domain/archive-version.ts';
import { rangeLabel } from '../../domain/chunk.ts';
import type { Subject } from '../../domain/subject.ts';
import { isoTime } from '../../domain/time-range.ts';
import type { ArchiveFile } from '../../exchange/archive-file.ts';
import type { ObjectStore } from '../../ports.ts';
import { getOrCompute } from '../get-or-compute.ts';
import { closedLandingPrefix, openLandingPrefix, parseReceiptKey } from '../keys.ts';
import { newestIsAtLeast } from '../landing/newest-version.ts';
import type { Landed, OfferedFile } from './plan-chunks.ts';

/** A landed object of a series or stream, and the key of its receipt. */
export interface LandedFile extends Landed {
  readonly sha256: string;
  readonly receiptKey: string;
}

/** Lists the landed files of a series or stream. Of open pages it lists the answers of `openMs` only. */
export async function listLandedFiles<S extends Subject>(
  store: ObjectStore,
  subject: S,
  openMs: number | undefined,
): Promise<LandedFile[]> {
  const lists = await Promise.all([
    store.list(closedLandingPrefix(subject)),
    openMs === undefined ? [] : store.list(openLandingPrefix(subject, openMs)),
  ]);
  return lists.flat().flatMap(({ key }) => {
    const id = parseReceiptKey(subject, key);
    return id ? { ...id, receiptKey: key } : [];
  });
}

/** The archive's listing, compared with the landed files. */
interface RevisionCheck {
  /** The listed files. A file that has landed only in an older version is marked. */
  readonly files: readonly OfferedFile[];
  /** The checks to keep for the next run. Undefined if they have not changed. */
  readonly checks: Uint8Array | undefined;
  /** Objects of the lake that were read. */
  readonly reads: number;
}

/** By file (`archive_monthly/2024-02`): its listed version and its receipts at the time when they agreed. */
type Checks = Record<string, string>;

/**
 * Finds the files that the archive has republished since they landed. The listed version of a file is compared with the
 * version at the last check; there is one object of checks per series or stream. Only if they differ, or there are
 * other receipts, are the receipts read. So a receipt is read once, and again after a revision. The checks are a cache:
 * without them, or if they are damaged, the receipts are read.
 */
export async function findRevised(
  checkKey: string,
  listed: readonly ArchiveFile[],
  landed: readonly LandedFile[],
  store: ObjectStore,
): Promise<RevisionCheck> {
  const byFile = new Map<string, LandedFile[]>();
  for (const id of landed) getOrCompute(byFile, labelOf(id), () => []).push(id);
  if (!listed.some((file) => file.version && byFile.has(labelOf(file)))) {
    return { files: listed, checks: undefined, reads: 0 };
  }
  const checks = parseChecks(await store.get(checkKey));
  let reads = 1;
  let changed = false;

  async function check(file: ArchiveFile): Promise<OfferedFile> {
    const { version } = file;
    const label = labelOf(file);
    const own = byFile.get(label);
    if (!version || !own) return file;
    const text = `${versionText(version)} ${receiptDigits(own)}`;
    if (checks[label] === text) return file;
    const receipts = await Promise.all(own.map(async (id) => ({ id, bytes: await store.get(id.receiptKey) })));
    reads += own.length;
    if (!newestIsAtLeast(receipts, version)) return { ...file, revised: true };
    checks[label] = text;
    changed = true;
    return file;
  }

  const files = await Promise.all(listed.map(check));
  return { files, checks: changed ? encodeChecks(checks) : undefined, reads };
}

function labelOf({ source, range }: Landed): string {
  return `${source}/${rangeLabel(source, range)}`;
}

function versionText({ lastModifiedMs, sizeBytes, etag }: ArchiveVersion): string {
  return `${isoTime(lastModifiedMs)} ${sizeBytes} ${etag ?? ''}`.trim();
}

/**
 * Returns the first 12 hex digits of each receipt's name. If a receipt is lost, the text differs from the stored check,
 * and the remaining receipts are read again.
 */
function receiptDigits(landed: readonly LandedFile[]): string {
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

/** Encodes checks in the order of names, so that equal checks have equal bytes. */
function encodeChecks(checks: Checks): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(checks, Object.keys(checks).sort(), 1)}\n`);
}
