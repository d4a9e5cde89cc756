import type { ObjectStore } from '../../ports.ts';
import { mergeReceipts, parseReceipt, type Receipt } from '../landing/receipt.ts';
import type { MemoryStore } from '../memory-store.ts';
import { putMerged } from '../put-merged.ts';

/** Takes what is fetched before it is known whether it is to land. */
export type Staging = MemoryStore;

/**
 * Lands all that was staged, in the order in which it came: bytes before their receipt, which keeps the landings that one
 * of the same candles tells of.
 */
export async function landStaged(staging: Staging, store: ObjectStore): Promise<void> {
  for (const [key, bytes] of staging.objects) {
    const isReceipt = key.startsWith('landing/klines/') && key.endsWith('.receipt.json');
    if (isReceipt) await putMerged(store, key, (there) => withEarlier(there, bytes));
    else await store.put(key, bytes);
  }
}

function withEarlier(there: Uint8Array | undefined, bytes: Uint8Array): Uint8Array {
  const staged = JSON.parse(Buffer.from(bytes).toString('utf8')) as Receipt;
  const before = there && parseReceipt(there, staged);
  return before ? Buffer.from(JSON.stringify(mergeReceipts(before, staged))) : bytes;
}
