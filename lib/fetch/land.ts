import type { Chunk } from '../domain/chunk.ts';
import { landingKey, receiptKey } from '../domain/keys.ts';
import { mergeReceipts, parseReceipt, type Receipt } from '../domain/receipt.ts';
import { sha256 } from '../domain/sha256.ts';
import type { TimeRange } from '../domain/time-range.ts';
import type { Clock, HttpAnswer, ObjectStore } from '../ports.ts';
import { fetchedVersion } from './fetched-version.ts';

/**
 * Lands an answer's exact bytes, then its receipt: bytes without a receipt do not count, so a crash between is harmless.
 * Bytes that landed before keep the landings that their receipt tells of. Of two that land the same bytes within one read
 * and put of the receipt, one may be forgotten: both were of these bytes at that moment, and each version that was made
 * meanwhile has its own note of what it knew.
 */
export async function land(
  landing: { readonly chunk: Chunk; readonly range: TimeRange; readonly url: string; readonly answer: HttpAnswer },
  { store, clock }: { readonly store: ObjectStore; readonly clock: Clock },
): Promise<Receipt> {
  const { chunk, range, url, answer } = landing;
  const landed: Receipt = {
    series: chunk.series,
    source: chunk.source,
    range,
    sha256: sha256(answer.body),
    ...(chunk.openPageMs !== undefined && { openPageMs: chunk.openPageMs }),
    url,
    fetchedAtMs: clock.nowMs(),
    asOfMs: chunk.asOfMs,
    ...fetchedVersion(answer),
  };
  await store.put(landingKey(landed), answer.body);
  const there = await store.get(receiptKey(landed));
  const before = there && parseReceipt(there, landed);
  const receipt = before ? mergeReceipts(before, landed) : landed;
  await store.put(receiptKey(receipt), new TextEncoder().encode(JSON.stringify(receipt)));
  return receipt;
}
