import pLimit from 'p-limit';
import { CorruptObject, NotPublished, UnexpectedFormat } from '../../domain/errors.ts';
import type { Series } from '../../domain/series.ts';
import type { Stream } from '../../domain/stream.ts';
import { byNewest } from '../landing/receipt.ts';
import type { DamagedLanding, LandedObject, SoundLanding } from './check-landing.ts';
import type { Findings } from './findings.ts';
import { landStaged, type Staging } from './staging.ts';
import type { AuditWorld } from './world.ts';

const ARCHIVE = ['archive_monthly', 'archive_daily'] as const;

/** Checksums asked for at once. */
const AT_ONCE = 8;

/** Answers of HTTP name whole seconds. */
const SECOND_MS = 1_000;

/**
 * Sees whether the archive still has what landed from it: every file's `.CHECKSUM`, and the file itself where the listing
 * says that it was put there again. A rewritten file lands, and the next run makes a new version of its shard.
 * @param damaged what landed and is not sound: older landings of a file do not stand for it in its place
 */
export async function checkRevisions(
  of: Series | Stream,
  landed: readonly SoundLanding[],
  findings: Findings,
  world: AuditWorld,
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
    const listed = await world.reach.ask('archive', () => world.exchange.listFiles(of, source));
    if (!listed) return;
    const modified = new Map(listed.map((file) => [file.range.fromMs, file.modifiedMs]));
    await Promise.all(
      [...files.values()].map((own) =>
        limit(() => {
          const { fromMs } = own[0]!.chunk.range;
          return checkFile(own, modified.has(fromMs), modified.get(fromMs));
        }),
      ),
    );
  }

  async function checkFile(
    own: readonly DatedLanding[],
    isListed: boolean,
    modifiedMs: number | undefined,
  ): Promise<void> {
    const { key: place, receipt, sha256 } = own[0]!;
    const chunk = { ...own[0]!.chunk, asOfMs: world.clock.nowMs(), sizeBytes: receipt.sizeBytes };
    const note = (found: string) =>
      findings.add('revisions', 'note', {
        place,
        what: 'file in the archive',
        expected: 'published, as it was when it landed',
        found,
        remedy: '',
      });
    if (!isListed) return note('no longer listed');
    try {
      const checksum = await world.reach.ask('archive', () => world.exchange.checksum(chunk));
      if (checksum === undefined || undated.has(checksum)) return;
      const stands = sha256 === checksum;
      const thenMs = Date.parse(receipt.lastModified ?? '');
      // A zip may be put there anew beside a checksum that stays.
      const putAgain = modifiedMs !== undefined && modifiedMs >= thenMs + SECOND_MS;
      if (stands && !putAgain) return;
      const staging = await world.reach.ask('archive', () => world.exchange.fetch(chunk));
      if (!staging || stands) return;
      await landStaged(staging, world.store);
      const wasThere = own.some((landing) => landing.sha256 === checksum);
      findings.add('revisions', 'differs', {
        place,
        what: wasThere
          ? 'archive file put back as it was before; it has landed again'
          : 'archive file rewritten since it landed; the new bytes have landed too',
        expected: sha256,
        found: stagedHash(staging),
        rule: 'of one source, the one fetched later',
        remedy: 'npx lake run publishes a new version of the shard',
      });
    } catch (error) {
      if (error instanceof NotPublished) return note('no longer published (HTTP 404)');
      if (!(error instanceof CorruptObject || error instanceof UnexpectedFormat)) throw error;
      findings.add('revisions', 'differs', {
        place,
        what: 'archive file and its CHECKSUM',
        expected: 'to agree',
        found: error.message,
        remedy: 'audit again in an hour; the exchange replaces the two apart',
      });
    }
  }
}

/** A landing whose receipt can be read; its bytes may be damaged. */
type DatedLanding = LandedObject & Pick<SoundLanding, 'receipt'>;

/** Landings by the file they are of, the newest of each first. */
function newestFirst(landed: readonly DatedLanding[]): Map<number, DatedLanding[]> {
  const files = new Map<number, DatedLanding[]>();
  for (const landing of landed) {
    const { fromMs } = landing.chunk.range;
    files.set(fromMs, [...(files.get(fromMs) ?? []), landing]);
  }
  for (const own of files.values()) own.sort((a, b) => byNewest(a.receipt, b.receipt));
  return files;
}

function stagedHash(staging: Staging): string {
  return /([0-9a-f]{64})\.zip$/.exec([...staging.objects.keys()][0] ?? '')?.[1] ?? '';
}
