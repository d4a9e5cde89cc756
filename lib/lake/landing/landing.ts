import type { Source } from '../../domain/chunk.ts';
import { CorruptObject } from '../../domain/errors.ts';
import { nominalMs } from '../../domain/interval.ts';
import { type Period, periodOf, periodRange, periodsIn } from '../../domain/period.ts';
import type { Series } from '../../domain/series.ts';
import { sha256 } from '../../domain/sha256.ts';
import { DAY_MS, subtractRanges, type TimeRange } from '../../domain/time-range.ts';
import type { ObjectStore } from '../../ports.ts';
import {
  type ChunkId,
  closedLandingPrefix,
  gridEndPrefix,
  type LandingId,
  landingKey,
  openLandingPrefix,
  parseFailureKey,
  parseGridEndKey,
  parseReceiptKey,
  receiptKey,
} from '../keys.ts';
import type { LandingMemory, ListedReceipt } from './landing-memory.ts';
import { byNewest, parseReceipt, type Receipt } from './receipt.ts';

/** A landed object beside the others of its series. */
export interface LandedId extends LandingId {
  /** There where the same archive file landed again later, with other bytes: of those the newest stands for it. */
  readonly superseded?: true;
  /** Size of its receipt, which grows each time that the same bytes land again. */
  readonly receiptBytes: number;
}

/** What landed of a series. */
export interface Landing {
  /** The landed objects that bear on each period, periods ascending; where nothing landed, none on the last period wanted. */
  readonly periods: ReadonlyMap<Period, readonly LandedId[]>;
  /** Receipts of the answers of open pages among them. */
  readonly open: readonly ListedReceipt[];
  /** Chunks that could not be had, and that have not landed since. */
  readonly failures: readonly ChunkId[];
  /** The furthest that a run knew the grid to have come to without anybody to ask; undefined where none said so. */
  readonly gridEndMs: number | undefined;
}

/**
 * Lists what has landed of a series, in key order. An object whose range spans several periods bears on each of them.
 * Receipts are read of those archive files alone that landed more than once, for only they tell which came last.
 * @param memory which open pages need not be listed, and what of them still counts
 * @throws CorruptObject where such a receipt is none
 */
export async function listLanding(
  store: ObjectStore,
  series: Series,
  memory: Pick<LandingMemory, 'listOpenFromMs' | 'open'>,
): Promise<Landing> {
  const ids: Omit<LandedId, 'superseded'>[] = [];
  const ranges: Record<Source, TimeRange[]> = { archive_monthly: [], archive_daily: [], rest: [] };
  const failures: ChunkId[] = [];
  const [closed, ends, listed] = await Promise.all([
    store.list(closedLandingPrefix(series)),
    store.list(gridEndPrefix(series)),
    store.list(openLandingPrefix(series), openLandingPrefix(series, memory.listOpenFromMs)),
  ]);
  const gridEndsMs = ends.flatMap(({ key }) => parseGridEndKey(key) ?? []);
  const open = [...memory.open, ...listed]
    .filter(({ key }) => parseReceiptKey(series, key))
    .map(({ key, sizeBytes }) => ({ key, sizeBytes }));
  for (const { key, sizeBytes } of [...open, ...closed]) {
    const id = parseReceiptKey(series, key);
    const failure = id ? undefined : parseFailureKey(series, key);
    if (failure) failures.push(failure);
    if (!id) continue;
    ranges[id.source].push(id.range);
    ids.push({ ...id, receiptBytes: sizeBytes });
  }
  const byPeriod = byPeriodOf(series, ids, await findSuperseded(store, ids));
  if (byPeriod.size === 0) {
    const wantedMs = failures.length > 0 ? failures.map(({ range }) => range.toMs) : gridEndsMs;
    if (wantedMs.length > 0) byPeriod.set(periodOf(series.interval, Math.max(...wantedMs) - 1), []);
  }
  return {
    periods: new Map([...byPeriod].sort(([a], [b]) => periodRange(a).fromMs - periodRange(b).fromMs)),
    open,
    failures: failures.filter(({ source, range }) => subtractRanges(range, ranges[source]).length > 0),
    gridEndMs: gridEndsMs.length > 0 ? Math.max(...gridEndsMs) : undefined,
  };
}

function byPeriodOf(
  { interval }: Series,
  ids: readonly LandedId[],
  superseded: ReadonlySet<LandingId>,
): Map<Period, LandedId[]> {
  const byPeriod = new Map<Period, LandedId[]>();
  for (const plain of ids) {
    const id: LandedId = superseded.has(plain) ? { ...plain, superseded: true } : plain;
    const periods = nominalMs(interval) >= DAY_MS ? ['all'] : periodsIn(interval, id.range);
    for (const period of periods) {
      const inputs = byPeriod.get(period);
      if (inputs) inputs.push(id);
      else byPeriod.set(period, [id]);
    }
  }
  return byPeriod;
}

/** All but the newest of each archive file, by the last landing that their receipts tell of. */
async function findSuperseded(store: ObjectStore, ids: readonly LandingId[]): Promise<ReadonlySet<LandingId>> {
  const files = new Map<string, LandingId[]>();
  for (const id of ids) {
    if (id.source === 'rest') continue;
    const file = `${id.source} ${id.range.fromMs}`;
    files.set(file, [...(files.get(file) ?? []), id]);
  }
  const superseded = new Set<LandingId>();
  for (const versions of files.values()) {
    if (versions.length === 1) continue;
    const receipts = await Promise.all(versions.map((id) => readReceipt(store, id)));
    const standing = receipts.sort(byNewest)[0]!.sha256;
    for (const id of versions) if (id.sha256 !== standing) superseded.add(id);
  }
  return superseded;
}

async function readReceipt(store: ObjectStore, id: LandingId): Promise<Receipt> {
  const bytes = await store.get(receiptKey(id));
  if (!bytes) throw new CorruptObject(`${receiptKey(id)} is gone from ${store.url}`);
  return receiptOf(bytes, id);
}

/** One landed object: its bytes and its receipt. */
export interface Landed {
  readonly receipt: Receipt;
  readonly key: string;
  readonly bytes: Uint8Array;
}

/**
 * Reads a landed object, whose bytes must still be those that landed.
 * @throws CorruptObject where the lake lost or changed it: landing objects are never removed and never written to
 */
export async function readLanded(store: ObjectStore, id: LandingId): Promise<Landed> {
  const key = landingKey(id);
  const [receipt, bytes] = await Promise.all([store.get(receiptKey(id)), store.get(key)]);
  if (!receipt || !bytes) throw new CorruptObject(`landing object ${key} is gone from ${store.url}`);
  const found = sha256(bytes);
  if (found !== id.sha256) throw new CorruptObject(`${key} has sha256 ${found}, expected ${id.sha256} by its name`);
  return { receipt: receiptOf(receipt, id), key, bytes };
}

/** Reads a receipt, which must be of the object beside it. @throws CorruptObject where it is not one */
function receiptOf(bytes: Uint8Array, id: LandingId): Receipt {
  const receipt = parseReceipt(bytes, id);
  if (!receipt) throw new CorruptObject(`${receiptKey(id)} is not the receipt of what it lies beside`);
  return receipt;
}
