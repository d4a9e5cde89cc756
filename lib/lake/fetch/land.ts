import type { Chunk } from '../../domain/chunk.ts';
import { sha256 } from '../../domain/sha256.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import type { Clock, HttpAnswer, ObjectStore } from '../../ports.ts';
import { landingKey, receiptKey } from '../keys.ts';
import { mergeReceipts, parseReceipt, type Receipt } from '../landing/receipt.ts';
import { putMerged } from '../put-merged.ts';
import { fetchedVersion } from './fetched-version.ts';

/**
 * Lands an answer's exact bytes, then its receipt: bytes without a receipt do not count, so a crash between is harmless.
 * Bytes that landed before stay as they are. Their receipt lists every landing, also if two runs land them at once.
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
  let receipt: Receipt = landed;
  await putMerged(store, receiptKey(landed), (there) => {
    const before = there && parseReceipt(there, landed);
    receipt = before ? mergeReceipts(before, landed) : landed;
    return new TextEncoder().encode(JSON.stringify(receipt));
  });
  return receipt;
}
