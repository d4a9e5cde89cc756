import type { Source } from '../../domain/chunk.ts';
import { CorruptObject } from '../../domain/errors.ts';
import { type Period, periodRange } from '../../domain/period.ts';
import type { Series } from '../../domain/series.ts';
import { sha256 } from '../../domain/sha256.ts';
import { isStream, type Subject } from '../../domain/subject.ts';
import { subtractRanges, type TimeRange } from '../../domain/time-range.ts';
import type { ObjectStore } from '../../ports.ts';
import {
  type ChunkId,
  closedLandingPrefix,
  type LandedPart,
  type LandingId,
  landingKey,
  openLandingPrefix,
  parseFailureKey,
  parseReceiptKey,
  receiptKey,
} from '../keys.ts';
import type { LandedAgain } from '../manifest/landed-again.ts';
import { fileOf } from './contained.ts';
import { gridEndPrefix, parseGridEndKey } from './grid-end-key.ts';
import type { LandingMemory, ListedReceipt } from './landing-memory.ts';
import { byNewest, landedAgain, parseReceipt, type Receipt } from './receipt.ts';

/** A landed object beside the others of its series or stream. */
export type LandedId<S extends Subject = Series> = LandingId<S> & {
  /** Set if the same archive file landed again later with other bytes: the newest of them is used. */
  readonly superseded?: true;
  /** Size of its receipt, which grows each time that the same bytes land again. */
  readonly receiptBytes: number;
  /** Set if its receipt was read and lists more than one landing: their times. */
  readonly again?: LandedAgain;
};

/** The landed objects of a series or stream. */
export interface Landing<S extends Subject = Series> {
  /** The landed objects of each period, ascending. If nothing landed, an empty list for the last period wanted. */
  readonly periods: ReadonlyMap<Period, readonly LandedId<S>[]>;
  /** Receipts of the answers of open pages among them. */
  readonly open: readonly ListedReceipt[];
  /** Chunks that could not be fetched, and that have not landed since. */
  readonly failures: readonly ChunkId[];
  /** The latest end of the grid that a run recorded. Undefined if no run did. */
  readonly gridEndMs: number | undefined;
}

/**
 * Lists what has landed of a series or stream, in key order. An object whose range spans several periods is in each of
 * them. Receipts are read only if an archive file landed more than once, because only they contain which version came
 * last.
 * @param memory the open pages that need not be listed, and those of their answers that still count
 * @param periodsIn the periods of which an object of this range may hold rows
 * @throws CorruptObject if such a receipt is damaged
 */
export async function listLanding<S extends Subject>(
  store: ObjectStore,
  subject: S,
  memory: Pick<LandingMemory, 'listOpenFromMs' | 'open'>,
  periodsIn: (range: TimeRange) => readonly Period[],
): Promise<Landing<S>> {
  const [closed, ends, listed] = await Promise.all([
    store.list(closedLandingPrefix(subject)),
    isStream(subject) ? [] : store.list(gridEndPrefix(subject)),
    store.list(openLandingPrefix(subject), openLandingPrefix(subject, memory.listOpenFromMs)),
  ]);
  const open = [...memory.open, ...listed]
    .filter(({ key }) => parseReceiptKey(subject, key))
    .map(({ key, sizeBytes }) => ({ key, sizeBytes }));
  const ids = [...open, ...closed].flatMap(({ key, sizeBytes }): LandedId<S>[] => {
    const id = parseReceiptKey(subject, key);
    return id ? [Object.assign({ receiptBytes: sizeBytes }, id)] : [];
  });
  const failures = isStream(subject) ? [] : closed.flatMap(({ key }) => parseFailureKey(subject, key) ?? []);
  const gridEndsMs = ends.flatMap(({ key }) => parseGridEndKey(key) ?? []);
  const byPeriod = byPeriodOf(ids, await findSuperseded<S>(store, ids), periodsIn);
  if (byPeriod.size === 0) {
    const wantedMs = failures.length > 0 ? failures.map(({ range }) => range.toMs) : gridEndsMs;
    const toMs = Math.max(...wantedMs);
    if (wantedMs.length > 0) byPeriod.set(periodsIn({ fromMs: toMs - 1, toMs })[0]!, []);
  }
  const rangesOf = (source: Source) => ids.filter((id) => id.source === source).map(({ range }) => range);
  return {
    periods: new Map([...byPeriod].sort(([a], [b]) => periodRange(a).fromMs - periodRange(b).fromMs)),
    open,
    failures: failures.filter(({ source, range }) => subtractRanges(range, rangesOf(source)).length > 0),
    gridEndMs: gridEndsMs.length > 0 ? Math.max(...gridEndsMs) : undefined,
  };
}

function byPeriodOf<S extends Subject>(
  ids: readonly LandedId<S>[],
  superseded: ReadonlySet<LandedPart>,
  periodsIn: (range: TimeRange) => readonly Period[],
): Map<Period, LandedId<S>[]> {
  const byPeriod = new Map<Period, LandedId<S>[]>();
  for (const plain of ids) {
    const id: LandedId<S> = superseded.has(plain) ? { ...plain, superseded: true } : plain;
    for (const period of periodsIn(id.range)) {
      const inputs = byPeriod.get(period);
      if (inputs) inputs.push(id);
      else byPeriod.set(period, [id]);
    }
  }
  return byPeriod;
}

/** Returns all versions of each archive file except the newest, by the last landing that their receipts list. */
async function findSuperseded<S extends Subject>(
  store: ObjectStore,
  ids: readonly LandingId<S>[],
): Promise<ReadonlySet<LandedPart>> {
  const files = new Map<string, LandingId<S>[]>();
  for (const id of ids) {
    if (id.source === 'rest') continue;
    const file = fileOf(id);
    files.set(file, [...(files.get(file) ?? []), id]);
  }
  const superseded = new Set<LandedPart>();
  for (const versions of files.values()) {
    if (versions.length === 1) continue;
    const receipts = await Promise.all(versions.map((id) => readReceipt<S>(store, id)));
    const newest = receipts.sort(byNewest)[0]!.sha256;
    for (const id of versions) if (id.sha256 !== newest) superseded.add(id);
  }
  return superseded;
}

/** Reads the receipt of a listed object. @throws CorruptObject if it is gone or damaged */
export async function readReceipt<S extends Subject>(store: ObjectStore, id: LandingId<S>): Promise<Receipt<S>> {
  const key = receiptKey(id);
  const bytes = await store.get(key);
  if (!bytes) throw new CorruptObject(`${key} is gone from ${store.url}`);
  return receiptOf(bytes, id, key);
}

/** One landed object: its bytes and its receipt. */
export interface Landed<S extends Subject = Series> {
  readonly receipt: Receipt<S>;
  readonly key: string;
  readonly bytes: Uint8Array;
}

/** A landed object that was read, with its place among the others. */
export interface ReadLanded<S extends Subject = Series> extends Landed<S> {
  readonly id: LandedId<S>;
  /** Set if a newer version of the same archive file has landed. */
  readonly superseded?: true;
}

/**
 * Reads a landed object, whose bytes must still be those that landed.
 * @throws CorruptObject if the lake lost or changed it: landing objects are never removed and never written to
 */
export async function readLanded<S extends Subject>(store: ObjectStore, id: LandingId<S>): Promise<Landed<S>> {
  const key = landingKey(id);
  const ofReceipt = receiptKey(id);
  const [receipt, bytes] = await Promise.all([store.get(ofReceipt), store.get(key)]);
  if (!receipt || !bytes) throw new CorruptObject(`landing object ${key} is gone from ${store.url}`);
  const found = sha256(bytes);
  if (found !== id.sha256) throw new CorruptObject(`${key} has sha256 ${found}, expected ${id.sha256} by its name`);
  return { receipt: receiptOf(receipt, id, ofReceipt), key, bytes };
}

/** Landed objects that are read at once. The largest have some megabytes. */
const AT_ONCE = 16;

/**
 * Reads landed objects in their order, with the times of those that landed more than once. While one is decoded, the
 * next ones are being read.
 */
export async function* readEach<S extends Subject>(
  store: ObjectStore,
  inputs: readonly LandedId<S>[],
): AsyncGenerator<ReadLanded<S>> {
  const reading: Promise<Landed<S>>[] = [];
  let next = 0;
  for (const id of inputs) {
    for (; next < inputs.length && reading.length < AT_ONCE; next++) {
      const landed = readLanded<S>(store, inputs[next]!);
      // If an object before it fails, this one is never awaited.
      landed.catch(() => {});
      reading.push(landed);
    }
    const landed = await reading.shift()!;
    yield { ...landed, id: withTimes(id, landed.receipt), ...(id.superseded && { superseded: id.superseded }) };
  }
}

/**
 * Returns a landed object with its landing times, if it is an answer of REST and its receipt lists more than one
 * landing. A file needs no times: it is superseded or it is not, and `superseded` says so.
 */
export function withTimes<S extends Subject>(id: LandedId<S>, receipt: Receipt<S>): LandedId<S> {
  const again = receipt.source === 'rest' ? landedAgain(receipt) : undefined;
  return again ? { ...id, again } : id;
}

/** The name of a landed object in messages: that of the archive file, or the key of an answer of REST. */
export function nameInMessages({ receipt, key }: Pick<Landed<Subject>, 'receipt' | 'key'>): string {
  return receipt.source === 'rest' ? key : receipt.url.slice(receipt.url.lastIndexOf('/') + 1);
}

/** Reads a receipt, which must be that of the object beside it. @throws CorruptObject if it is not */
function receiptOf<S extends Subject>(bytes: Uint8Array, id: LandingId<S>, key: string): Receipt<S> {
  const receipt = parseReceipt<S>(bytes, id);
  if (!receipt) throw new CorruptObject(`${key} is not the receipt of what it lies beside`);
  return receipt;
}
