import pLimit from 'p-limit';
import { CorruptObject, NotPublished, UnexpectedFormat } from '../../domain/errors.ts';
import type { Subject } from '../../domain/subject.ts';
import { byNewest } from '../landing/receipt.ts';
import type { MemoryStore } from '../memory-store.ts';
import type { AuditContext } from './audit-context.ts';
import type { DamagedLanding, LandedObject, SoundLanding } from './check-landing.ts';
import { differs, type Findings } from './findings.ts';
import { landStaged } from './land-staged.ts';

const ARCHIVE = ['archive_monthly', 'archive_daily'] as const;

/** Checksums that are requested at once. */
const AT_ONCE = 8;

/** HTTP headers name whole seconds. */
const SECOND_MS = 1_000;

/** A landed object whose receipt can be read; its bytes may be damaged. */
type DatedLanding = LandedObject & Pick<SoundLanding, 'receipt'>;

/**
 * Checks whether the archive still has the files that landed from it. It compares each file's `.CHECKSUM`, and fetches
 * the file if the listing shows a later upload. A rewritten file lands, and the next run publishes a new version of its
 * shard.
 * @param damaged landed objects that are not sound: an older landing of the same file does not replace them
 */
export async function checkRevisions(
  subject: Subject,
  landed: readonly SoundLanding[],
  findings: Findings,
  context: AuditContext,
  damaged: readonly DamagedLanding[] = [],
): Promise<void> {
  const limit = pLimit(AT_ONCE);
  const dated = [...landed, ...damaged].flatMap(({ receipt, ...object }): DatedLanding[] =>
    receipt ? [{ ...object, receipt }] : [],
  );
  const undated = new Set(damaged.filter(({ receipt }) => !receipt).map(({ sha256 }) => sha256));
  for (const source of ARCHIVE) {
    const files = newestFirst(dated.filter(({ chunk }) => chunk.source === source));
    if (files.size === 0) continue;
    const listed = await context.exchange.listFiles(subject, source);
    if (!listed) return;
    const modified = new Map(listed.map((file) => [file.range.fromMs, file.modifiedMs]));
    const check = (landings: readonly DatedLanding[]) => {
      const { fromMs } = landings[0]!.chunk.range;
      const file = { landings, isListed: modified.has(fromMs), modifiedMs: modified.get(fromMs) };
      return checkFile(file, undated, findings, context);
    };
    await Promise.all([...files.values()].map((own) => limit(() => check(own))));
  }
}

/** A file of the archive that has landed. */
interface LandedFile {
  /** Its landings, newest first. */
  readonly landings: readonly DatedLanding[];
  readonly isListed: boolean;
  /** The time of its last upload; undefined if the listing does not contain it. */
  readonly modifiedMs: number | undefined;
}

/** @param undated hashes of landed objects whose receipt is damaged, so that their time is not known */
async function checkFile(
  file: LandedFile,
  undated: ReadonlySet<string>,
  findings: Findings,
  context: AuditContext,
): Promise<void> {
  const { key: place } = file.landings[0]!;
  const note = (found: string) =>
    findings.note('revisions', differs(place, 'file in the archive', 'published, as it was when it landed', found));
  if (!file.isListed) return note('no longer listed');
  try {
    await landRewritten(file, undated, findings, context);
  } catch (error) {
    if (error instanceof NotPublished) return note('no longer published (HTTP 404)');
    if (!(error instanceof CorruptObject || error instanceof UnexpectedFormat)) throw error;
    const fault = differs(place, 'archive file and its CHECKSUM', 'to agree', error.message);
    findings.differs('revisions', fault, 'audit again in an hour; the exchange replaces the two apart');
  }
}

/** Lands a file again if the archive has other bytes of it now. */
async function landRewritten(
  { landings, modifiedMs }: LandedFile,
  undated: ReadonlySet<string>,
  findings: Findings,
  { store, clock, exchange }: AuditContext,
): Promise<void> {
  const { key: place, receipt, sha256 } = landings[0]!;
  const chunk = { ...landings[0]!.chunk, asOfMs: clock.nowMs(), sizeBytes: receipt.sizeBytes };
  const checksum = await exchange.checksum(chunk);
  if (checksum === undefined || undated.has(checksum)) return;
  const isUnchanged = sha256 === checksum;
  const thenMs = Date.parse(receipt.lastModified ?? '');
  // A zip may be uploaded again beside a checksum that stays.
  const isUploadedAgain = modifiedMs !== undefined && modifiedMs >= thenMs + SECOND_MS;
  if (isUnchanged && !isUploadedAgain) return;
  const staged = await exchange.fetch(chunk);
  if (!staged || isUnchanged) return;
  await landStaged(staged, store);
  const what = landings.some((landing) => landing.sha256 === checksum)
    ? 'archive file restored to an earlier version; it has landed again'
    : 'archive file rewritten since it landed; the new bytes have landed too';
  const remedy = 'npx lake run publishes a new version of the shard';
  const rule = 'of one source, the one fetched later';
  findings.differs('revisions', differs(place, what, sha256, stagedHash(staged)), remedy, rule);
}

/** Groups landings by their file, the newest of each first. */
function newestFirst(landed: readonly DatedLanding[]): Map<number, DatedLanding[]> {
  const files = new Map<number, DatedLanding[]>();
  for (const landing of landed) {
    const { fromMs } = landing.chunk.range;
    files.set(fromMs, [...(files.get(fromMs) ?? []), landing]);
  }
  for (const own of files.values()) own.sort((a, b) => byNewest(a.receipt, b.receipt));
  return files;
}

function stagedHash(staged: MemoryStore): string {
  return /([0-9a-f]{64})\.zip$/.exec([...staged.objects.keys()][0] ?? '')?.[1] ?? '';
}
