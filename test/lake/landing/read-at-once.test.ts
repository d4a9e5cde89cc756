import { sha256 } from '../../../lib/domain/sha256.ts';
import type { Stream } from '../../../lib/domain/stream.ts';
import { landingKey, receiptKey } from '../../../lib/lake/keys.ts';
import { readEach } from '../../../lib/lake/landing/landing.ts';
import { memoryStore } from '../../../lib/lake/memory-store.ts';

const STREAM: Stream = { name: 'funding', market: 'um', symbol: 'BTCUSDT' };
const HOUR = 3_600_000;
const OBJECTS = 40;

test('landed objects are read 16 at once, and come in their order', async () => {
  const store = memoryStore();
  const ids = Array.from({ length: OBJECTS }, (_, hour) => {
    const bytes = Buffer.from(`answer ${hour}`);
    const range = { fromMs: hour * HOUR, toMs: (hour + 1) * HOUR };
    return { bytes, id: { stream: STREAM, source: 'rest' as const, range, sha256: sha256(bytes), receiptBytes: 0 } };
  });
  for (const { id, bytes } of ids) {
    const { receiptBytes: _, ...place } = id;
    const receipt = { ...place, url: 'http://127.0.0.1/', fetchedAtMs: 1, asOfMs: 1, sizeBytes: bytes.length };
    await store.put(landingKey(id), bytes);
    await store.put(receiptKey(id), Buffer.from(JSON.stringify(receipt)));
  }
  let reading = 0;
  let most = 0;
  const slow = {
    ...store,
    async get(key: string) {
      most = Math.max(most, ++reading);
      await new Promise((resolve) => setImmediate(resolve));
      reading--;
      return store.get(key);
    },
  };
  const read: string[] = [];
  for await (const { bytes } of readEach<Stream>(
    slow,
    ids.map(({ id }) => id),
  )) {
    read.push(Buffer.from(bytes).toString());
  }
  expect(read).toEqual(ids.map((_, hour) => `answer ${hour}`));
  // The bytes and the receipt of each.
  expect(most).toBe(32);
});
