import type { Series } from '../../domain/series.ts';
import type { Stream } from '../../domain/stream.ts';
import { about, type Subject, subjectOf } from '../../domain/subject.ts';
import type { LandedPart, LandingId } from '../keys.ts';
import type { LandedAgain } from '../manifest/landed-again.ts';
import type { LandingTimes } from '../versions/contract.ts';

/** One landing of some bytes: its source and its time. */
interface ReceiptEntry {
  readonly url: string;
  readonly fetchedAtMs: number;
  /** From the chunk: a candle or row whose interval ends after this instant was not complete when fetched. */
  readonly asOfMs: number;
  readonly lastModified?: string;
  readonly etag?: string;
}

/** The part of a receipt that its key contains, without the subject. */
export type ReceiptId = Pick<LandedPart, 'source' | 'range' | 'sha256'>;

/** A receipt without the subject and the open page. */
export interface LandedReceipt extends ReceiptId, ReceiptEntry {
  readonly sizeBytes: number;
  /** Earlier landings of the same bytes, oldest first. Absent without earlier landings. */
  readonly earlier?: readonly ReceiptEntry[];
}

/** The record beside landed bytes: their source, and when they landed last. */
export type Receipt<S extends Subject = Series> = LandingId<S> & LandedReceipt;

type AnyReceipt = Receipt | Receipt<Stream>;

/** Returns every landing that a receipt lists, oldest first. */
export function landingsOf({
  earlier = [],
  ...newest
}: Pick<LandedReceipt, keyof ReceiptEntry | 'earlier'>): readonly ReceiptEntry[] {
  return [...earlier, entryOf(newest)];
}

/** Returns the times of a receipt that a shard depends on. */
export function landingTimes(receipt: LandedReceipt): LandingTimes {
  const { fetchedAtMs, asOfMs, earlier = [] } = receipt;
  const earlierMs = earlier.map((landing) => landing.fetchedAtMs);
  return { fetchedAtMs, asOfMs, ...(earlierMs.length > 0 && { earlierMs }) };
}

/** Returns the landing times of an object that landed more than once. Returns undefined if it landed once. */
export function landedAgain(receipt: LandedReceipt): LandedAgain | undefined {
  const { earlierMs, ...newest } = landingTimes(receipt);
  return earlierMs && { ...newest, earlierMs };
}

/** Sorts receipts newest first. The hash only makes the order total. */
export function byNewest(
  a: Pick<LandedReceipt, 'fetchedAtMs' | 'sha256'>,
  b: Pick<LandedReceipt, 'fetchedAtMs' | 'sha256'>,
): number {
  return b.fetchedAtMs - a.fetchedAtMs || (a.sha256 < b.sha256 ? -1 : 1);
}

/** Merges two receipts of the same bytes. The result lists every landing of both, whichever was put first. */
export function mergeReceipts<S extends Subject>(a: Receipt<S>, b: Receipt<S>): Receipt<S>;
export function mergeReceipts(a: AnyReceipt, b: AnyReceipt): AnyReceipt {
  const entries = [...landingsOf(a), ...landingsOf(b)];
  const byTime = new Map(entries.map((entry) => [entry.fetchedAtMs, entry]));
  const ordered = [...byTime.values()].sort((one, other) => one.fetchedAtMs - other.fetchedAtMs);
  const { source, range, sha256, openPageMs, sizeBytes } = b;
  const id = {
    ...about(subjectOf(b)),
    source,
    range,
    sha256,
    ...(openPageMs !== undefined && { openPageMs }),
  };
  const earlier = ordered.slice(0, -1);
  return { ...id, ...ordered.at(-1)!, sizeBytes, ...(earlier.length > 0 && { earlier }) };
}

/** Reads the receipt of what landed under that id. Returns undefined if the bytes are not such a receipt. */
export function parseReceipt<S extends Subject>(bytes: Uint8Array, id: LandingId<S>): Receipt<S> | undefined {
  const receipt = parseLandedReceipt(bytes, id);
  return receipt as Receipt<S> | undefined;
}

/** Reads a receipt whose subject is not known to the caller: only the other parts of its key are checked. */
export function parseLandedReceipt(bytes: Uint8Array, { sha256, source, range }: ReceiptId): LandedReceipt | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
  const receipt = (parsed ?? {}) as Partial<LandedReceipt>;
  const whole =
    receipt.sha256 === sha256 &&
    receipt.source === source &&
    receipt.range?.fromMs === range.fromMs &&
    receipt.range.toMs === range.toMs &&
    isEntry(receipt) &&
    areInOrder(receipt);
  return whole ? (receipt as LandedReceipt) : undefined;
}

function isEntry(value: unknown): value is ReceiptEntry {
  const { url, fetchedAtMs, asOfMs, lastModified, etag } = (value ?? {}) as Partial<ReceiptEntry>;
  return (
    typeof url === 'string' &&
    Number.isSafeInteger(fetchedAtMs) &&
    Number.isSafeInteger(asOfMs) &&
    [lastModified, etag].every((header) => header === undefined || typeof header === 'string')
  );
}

/** Returns true if the landings are in order of time. */
function areInOrder({ earlier = [], fetchedAtMs }: Partial<LandedReceipt>): boolean {
  if (!Array.isArray(earlier) || !earlier.every(isEntry)) return false;
  const times = [...earlier.map((entry) => entry.fetchedAtMs), fetchedAtMs!];
  return times.every((timeMs, index) => index === 0 || timeMs > times[index - 1]!);
}

function entryOf({ url, fetchedAtMs, asOfMs, lastModified, etag }: ReceiptEntry): ReceiptEntry {
  return {
    url,
    fetchedAtMs,
    asOfMs,
    ...(lastModified === undefined ? {} : { lastModified }),
    ...(etag === undefined ? {} : { etag }),
  };
}
