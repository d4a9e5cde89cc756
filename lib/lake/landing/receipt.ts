import type { LandingId } from '../keys.ts';

/** One landing of some bytes: where they came from and when. */
export interface ReceiptEntry {
  readonly url: string;
  readonly fetchedAtMs: number;
  /** From the chunk: candles that close after this instant were not closed when fetched. */
  readonly asOfMs: number;
  readonly lastModified?: string;
  readonly etag?: string;
}

/** What the key of a receipt says, of candles or of a stream. */
export type ReceiptId = Pick<LandingId, 'source' | 'range' | 'sha256'>;

/** What every receipt says, of candles or of a stream. */
export interface LandedReceipt extends ReceiptId, ReceiptEntry {
  readonly sizeBytes: number;
  /** The times before that the same bytes landed, oldest first; left out where there were none. */
  readonly earlier?: readonly ReceiptEntry[];
}

/** Written beside landed bytes: where they came from and when, the newest time that they did. */
export interface Receipt extends LandingId, LandedReceipt {}

/** Every landing that a receipt tells of, oldest first. */
export function landingsOf({
  earlier = [],
  ...newest
}: Pick<Receipt, keyof ReceiptEntry | 'earlier'>): readonly ReceiptEntry[] {
  return [...earlier, entryOf(newest)];
}

/** The newest first; the hash only makes the order total. */
export function byNewest(
  a: Pick<Receipt, 'fetchedAtMs' | 'sha256'>,
  b: Pick<Receipt, 'fetchedAtMs' | 'sha256'>,
): number {
  return b.fetchedAtMs - a.fetchedAtMs || (a.sha256 < b.sha256 ? -1 : 1);
}

/** Two receipts of the same bytes as one, whichever was put first: no landing that either tells of is forgotten. */
export function mergeReceipts(a: Receipt, b: Receipt): Receipt {
  const entries = [...landingsOf(a), ...landingsOf(b)];
  const byTime = new Map(entries.map((entry) => [entry.fetchedAtMs, entry]));
  const ordered = [...byTime.values()].sort((one, other) => one.fetchedAtMs - other.fetchedAtMs);
  const { series, source, range, sha256, openPageMs, sizeBytes } = b;
  const id: LandingId = { series, source, range, sha256, ...(openPageMs !== undefined && { openPageMs }) };
  const earlier = ordered.slice(0, -1);
  return { ...id, ...ordered.at(-1)!, sizeBytes, ...(earlier.length > 0 && { earlier }) };
}

/** Reads the receipt of what landed under that id; undefined where the bytes are no such receipt. */
export function parseReceipt(bytes: Uint8Array, id: LandingId): Receipt | undefined {
  return parseLandedReceipt(bytes, id) as Receipt | undefined;
}

/** The same for what landed of anything: only what its key says is known of it. */
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

/** One after the other, the newest last; one of them alone is in order. */
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
