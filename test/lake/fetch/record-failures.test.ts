import type { Chunk, Source } from '../../../lib/domain/chunk.ts';
import { CorruptObject, NotPublished } from '../../../lib/domain/errors.ts';
import { recordFailures } from '../../../lib/lake/fetch/record-failures.ts';
import { failureKey } from '../../../lib/lake/keys.ts';
import { memoryStore } from '../../../lib/lake/memory-store.ts';
import { testClock } from '../../support/clock.ts';

const chunkOf = (source: Source): Chunk => ({
  ...{ series: { market: 'um', symbol: 'BTCUSDT', interval: '15m' }, source, asOfMs: Date.parse('2024-03-05') },
  sizeBytes: 1,
  range: { fromMs: Date.parse('2024-02-01'), toMs: Date.parse('2024-03-01') },
});
const FILE = chunkOf('archive_monthly');

describe('the record of a chunk that fails again', () => {
  const [first, then] = [new CorruptObject('wrong sha256'), new CorruptObject('wrong sha256')];

  /** Time of the record after two failures, the second a day after the first. */
  async function recordedAt(chunk: Chunk, errors: readonly Error[], between?: Uint8Array): Promise<number> {
    const store = memoryStore();
    for (const [day, error] of errors.entries()) {
      if (day > 0 && between) await store.put(failureKey(chunk), between);
      const clock = testClock(day * 86_400_000);
      await recordFailures([{ chunk: { ...chunk, asOfMs: chunk.asOfMs + day }, error }], { store, clock });
    }
    return JSON.parse(Buffer.from(store.objects.get(failureKey(chunk))!).toString()).atMs;
  }

  test('of an archive file, as before: says since when', async () => {
    expect(await recordedAt(FILE, [first, then])).toBe(0);
  });

  test.each([
    ['an archive file that fails in another way', FILE, new CorruptObject('cut off')],
    ['an archive file that fails by another error', FILE, new NotPublished('wrong sha256')],
    ['REST, which is asked for what had closed until then', chunkOf('rest'), then],
  ])('of %s: is the newest', async (_, chunk, error) => {
    expect(await recordedAt(chunk, [first, error])).toBe(86_400_000);
  });

  test.each(['{', 'null', '[]', '{"error":"CorruptObject","message":"wrong sha256"}'])(
    'in the place of %s, which is no record: is written',
    async (text) => {
      expect(await recordedAt(FILE, [first, then], Buffer.from(text))).toBe(86_400_000);
    },
  );
});
