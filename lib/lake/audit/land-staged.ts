import type { ObjectStore } from '../../ports.ts';
import { decodeJson } from '../json.ts';
import { mergeReceipts, parseReceipt, type Receipt } from '../landing/receipt.ts';
import type { MemoryStore } from '../memory-store.ts';
import { putMerged } from '../put-merged.ts';

/**
 * Lands everything that was fetched into memory, in the order in which it came: bytes before their receipt. A receipt
 * of candles that exists already keeps its earlier landings.
 */
export async function landStaged(staged: MemoryStore, store: ObjectStore): Promise<void> {
  for (const [key, bytes] of staged.objects) {
    const isReceipt = key.startsWith('landing/klines/') && key.endsWith('.receipt.json');
    if (isReceipt) await putMerged(store, key, (there) => withEarlier(there, bytes));
    else await store.put(key, bytes);
  }
}

function withEarlier(there: Uint8Array | undefined, bytes: Uint8Array): Uint8Array {
  const staged = decodeJson<Receipt>(bytes);
  const before = there && parseReceipt(there, staged);
  return before ? Buffer.from(JSON.stringify(mergeReceipts(before, staged))) : bytes;
}
