import { CorruptObject, NotPublished, UnexpectedFormat } from '../../domain/errors.ts';
import type { Period } from '../../domain/period.ts';
import type { Subject } from '../../domain/subject.ts';
import { subjectPeriodsIn } from '../../domain/subject-times.ts';
import type { ObjectStore } from '../../ports.ts';
import { remakeTable } from '../as-of/rebuild.ts';
import { manifestKey, parseKeptKey } from '../keys.ts';
import { voidManifest } from '../manifest/manifest.ts';
import type { MemoryStore } from '../memory-store.ts';
import { readVersion } from '../versions/version-record.ts';
import type { AuditContext } from './audit-context.ts';
import type { DamagedLanding } from './check-landing.ts';
import type { DamagedTable } from './check-versions.ts';
import { differs, type Findings } from './findings.ts';

/** Voids the manifests of damaged shards, so that the next run rebuilds them. Returns the number of shards. */
export async function voidShards(
  subject: Subject,
  periods: readonly Period[],
  { store }: AuditContext,
): Promise<number> {
  const damaged = new Set(periods);
  for (const period of damaged) await voidManifest(store, manifestKey(subject, period));
  return damaged.size;
}

interface FetchedAgain {
  /** The objects that are sound now. */
  readonly mended: number;
  /** Periods of REST answers whose receipt was lost. The time of the new receipt may decide between two answers. */
  readonly periods: readonly Period[];
}

/** The reason in a finding if an object could not be fetched again. */
export const OUT_OF_REACH = 'the exchange is out of reach';

/**
 * Fetches damaged landing objects again. They land only if the exchange still has exactly these bytes, because
 * everything that was made from them names their hash. Otherwise they are lost, which is a finding.
 */
export async function fetchAgain(
  subject: Subject,
  damaged: readonly DamagedLanding[],
  findings: Findings,
  { store, clock, exchange }: AuditContext,
): Promise<FetchedAgain> {
  let mended = 0;
  const periods = new Set<Period>();
  for (const { key, receiptKey, sha256, receipt: sound, chunk } of damaged) {
    let why = 'the exchange has other bytes now';
    try {
      const staged = await exchange.fetch({ ...chunk, asOfMs: clock.nowMs() });
      const bytes = staged && stagedLike(key, staged);
      const receipt = staged && stagedLike(receiptKey, staged);
      if (bytes && receipt) {
        await putOver(store, key, bytes);
        // A sound receipt has the time when these bytes came first, which decides between two sources.
        if (!sound) await store.put(receiptKey, receipt);
        const decides = !sound && chunk.source === 'rest';
        for (const period of decides ? subjectPeriodsIn(subject, chunk.range) : []) periods.add(period);
        mended++;
        continue;
      }
      if (!staged) why = OUT_OF_REACH;
    } catch (error) {
      const isExpected = error instanceof NotPublished || isUnreadable(error);
      if (!isExpected) throw error;
      why = error.message;
    }
    const remedy = remedyOf(why, 'lost: remove it and its receipt by hand; npx lake run fetches what is there now');
    findings.wrong('landing', differs(key, 'landed bytes fetched again', sha256, why), remedy);
  }
  return { mended, periods: [...periods] };
}

/**
 * Returns the staged object of that name. Once its page has ended, an answer to an open page lands under another key.
 */
function stagedLike(key: string, { objects }: MemoryStore): Uint8Array | undefined {
  const name = key.slice(key.lastIndexOf('/'));
  return objects.get(key) ?? [...objects].find(([staged]) => staged.endsWith(name))?.[1];
}

/**
 * Rebuilds damaged tables of earlier versions from what had landed. A table is stored only if the rebuilt bytes are the
 * published ones. Otherwise it is lost, which is a finding. Returns the number mended.
 */
export async function remakeKept(
  damaged: readonly DamagedTable[],
  findings: Findings,
  { store }: AuditContext,
): Promise<number> {
  let mended = 0;
  for (const { key, recordKey } of damaged) {
    const { table } = parseKeptKey(key)!;
    const version = await readVersion(store, recordKey);
    if (!version) continue;
    let why = 'what had landed makes another, by the code running here';
    try {
      const bytes = await remakeTable(store, version, table);
      if (bytes) {
        await store.put(key, bytes);
        mended++;
        continue;
      }
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      why = error.message;
    }
    const fault = differs(key, 'kept table made again', version.manifest.outputs[table].sha256, why);
    const remedy = 'repair again with the code that made it, or remove it by hand: --as-of then says that it is gone';
    findings.wrong('versions', fault, remedy);
  }
  return mended;
}

function isUnreadable(error: unknown): error is CorruptObject | UnexpectedFormat {
  return error instanceof CorruptObject || error instanceof UnexpectedFormat;
}

/** Puts bytes over damaged ones. Without a condition a store would keep the object that it has. */
export async function putOver(store: ObjectStore, key: string, bytes: Uint8Array): Promise<void> {
  const there = (await store.list(key)).find((object) => object.key === key);
  await store.put(key, bytes, { tag: there?.tag });
}

/** Returns the remedy for bytes that could not be fetched again. */
export function remedyOf(why: string, lost: string): string {
  return why === OUT_OF_REACH ? 'repair again with the exchange in reach' : lost;
}
