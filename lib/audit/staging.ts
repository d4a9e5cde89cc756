import { mergeReceipts, parseReceipt, type Receipt } from '../domain/receipt.ts';
import type { MemoryStore } from '../memory-store.ts';
import type { ObjectStore } from '../ports.ts';

/** Takes what is fetched before it is known whether it is to land. */
export type Staging = MemoryStore;

/**
 * Lands all that was staged, in the order in which it came: bytes before their receipt, which keeps the landings that one
 * of the same candles tells of.
 */
export async function landStaged(staging: Staging, store: ObjectStore): Promise<void> {
  for (const [key, bytes] of staging.objects) {
    const isReceipt = key.startsWith('landing/klines/') && key.endsWith('.receipt.json');
    await store.put(key, isReceipt ? await withEarlier(key, bytes, store) : bytes);
  }
}

async function withEarlier(key: string, bytes: Uint8Array, store: ObjectStore): Promise<Uint8Array> {
  const staged = JSON.parse(Buffer.from(bytes).toString('utf8')) as Receipt;
  const there = await store.get(key);
  const before = there && parseReceipt(there, staged);
  return before ? Buffer.from(JSON.stringify(mergeReceipts(before, staged))) : bytes;
}
