import type { StreamChunk } from '../../domain/chunk.ts';
import { sha256 } from '../../domain/sha256.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import type { Clock, HttpAnswer, ObjectStore } from '../../ports.ts';
import { landingKey, receiptKey } from '../keys.ts';
import type { StreamReceipt } from './contract.ts';
import { fetchedVersion } from './fetched-version.ts';

/** Lands an answer's exact bytes, then its receipt, as candles land. */
export async function landStream(
  landing: {
    readonly chunk: StreamChunk;
    readonly range: TimeRange;
    readonly url: string;
    readonly answer: HttpAnswer;
  },
  { store, clock }: { readonly store: ObjectStore; readonly clock: Clock },
): Promise<void> {
  const { chunk, range, url, answer } = landing;
  const receipt: StreamReceipt = {
    stream: chunk.stream,
    source: chunk.source,
    range,
    sha256: sha256(answer.body),
    ...(chunk.openPageMs !== undefined && { openPageMs: chunk.openPageMs }),
    url,
    fetchedAtMs: clock.nowMs(),
    asOfMs: chunk.asOfMs,
    ...fetchedVersion(answer),
  };
  await store.put(landingKey(receipt), answer.body);
  await store.put(receiptKey(receipt), new TextEncoder().encode(JSON.stringify(receipt)));
}
