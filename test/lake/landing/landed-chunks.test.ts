import type { StreamChunk } from '../../../lib/domain/chunk.ts';
import type { Stream } from '../../../lib/domain/stream.ts';
import { landingKey, receiptKey } from '../../../lib/lake/keys.ts';
import { isLanded, listLanded, missingRanges, withoutEndedPage } from '../../../lib/lake/landing/landed-chunks.ts';
import { pageOf } from '../../../lib/lake/landing/open-page.ts';
import { memoryStore } from '../../../lib/lake/memory-store.ts';
import { sightingKey } from '../../../lib/lake/stream-keys.ts';

const FUNDING: Stream = { name: 'funding', market: 'um', symbol: 'BTCUSDT' };
const INSTRUMENTS: Stream = { name: 'instruments', market: 'um' };
const NOW = Date.parse('2024-03-05T10:00Z');
const HOUR = 3_600_000;
const between = (from: string, to: string) => ({ fromMs: Date.parse(from), toMs: Date.parse(to) });
const FEBRUARY = between('2024-02-01', '2024-03-01');
const MARCH = between('2024-03-01', '2024-03-05');

const chunkOf = (more: Partial<StreamChunk>): StreamChunk => ({
  stream: FUNDING,
  source: 'rest',
  range: MARCH,
  asOfMs: NOW,
  sizeBytes: 0,
  ...more,
});
const idOf = (source: StreamChunk['source'], range: StreamChunk['range'], sha = 'a') => ({
  stream: FUNDING,
  source,
  range,
  sha256: sha.repeat(64),
});
const FILE = idOf('archive_monthly', FEBRUARY);

/** Whether a chunk has landed in a lake of these objects. */
async function has(
  chunk: StreamChunk,
  objects: readonly (string | readonly [key: string, bytes: Uint8Array])[],
  coveredBy?: 'rest' | 'any source',
): Promise<boolean> {
  const { store, landed } = await lakeOf(chunk, objects);
  return isLanded(chunk, landed, store, coveredBy);
}

async function lakeOf(chunk: StreamChunk, objects: readonly (string | readonly [key: string, bytes: Uint8Array])[]) {
  const store = memoryStore();
  for (const object of objects) {
    const [key, bytes] = typeof object === 'string' ? [object, new Uint8Array()] : object;
    await store.put(key, bytes);
  }
  return { store, landed: (await listLanded([chunk], store))(chunk) };
}

describe('a window', () => {
  test.each([
    ['has not landed if nothing covers it', [], false],
    [
      'has landed if two answers cover it',
      [between('2024-03-01', '2024-03-02'), between('2024-03-02', '2024-03-05')],
      true,
    ],
    [
      'has not landed if a day is missing',
      [between('2024-03-01', '2024-03-02'), between('2024-03-03', '2024-03-05')],
      false,
    ],
  ])('%s', async (_, ranges, expected) => {
    const keys = ranges.map((range) => receiptKey(idOf('rest', range)));
    expect(await has(chunkOf({}), keys)).toBe(expected);
  });

  test('that an archive file covers has landed for a report, but not for a question to REST', async () => {
    const chunk = chunkOf({ range: between('2024-02-10', '2024-02-20') });
    expect(await has(chunk, [receiptKey(FILE)], 'any source')).toBe(true);
    expect(await has(chunk, [receiptKey(FILE)])).toBe(false);
  });

  test('has not landed if there are bytes without a receipt', async () => {
    expect(await has(chunkOf({}), [landingKey(idOf('rest', MARCH))])).toBe(false);
  });

  test('of an open page is requested from its begin, and answers of other open pages do not count for it', async () => {
    const openPageMs = MARCH.fromMs;
    const part = { ...idOf('rest', { fromMs: MARCH.fromMs, toMs: MARCH.toMs - HOUR }), openPageMs };
    const chunk = chunkOf({ openPageMs });
    const { store, landed } = await lakeOf(chunk, [receiptKey(part)]);
    expect(await isLanded(chunk, landed, store)).toBe(false);
    expect(missingRanges(chunk, landed)).toEqual([MARCH]);
    const whole = { ...idOf('rest', MARCH), openPageMs };
    expect(await has(chunk, [receiptKey(whole)])).toBe(true);
    expect(await has(chunkOf({}), [receiptKey(whole)])).toBe(false);
  });

  test('loses its open page half a day after the end of the page', () => {
    const chunk = chunkOf({ openPageMs: MARCH.fromMs, range: MARCH });
    const page = pageOf(FUNDING, MARCH.fromMs)!;
    expect(withoutEndedPage(chunk, page.toMs + 11 * HOUR)).toEqual(chunk);
    expect(withoutEndedPage(chunk, page.toMs + 12 * HOUR)).toEqual(chunkOf({ range: MARCH }));
  });
});

describe('a file', () => {
  const file = chunkOf({ source: 'archive_monthly', range: FEBRUARY });
  const revised = { ...file, revision: { lastModifiedMs: NOW, etag: '"A"', sizeBytes: 9 } };
  const receipt = (sha: string, fetchedAtMs: number, etag: string) => {
    const id = idOf('archive_monthly', FEBRUARY, sha);
    const words = { ...id, url: 'https://example.org/some.zip', fetchedAtMs, asOfMs: NOW, sizeBytes: 8, etag };
    return [receiptKey(id), new TextEncoder().encode(JSON.stringify(words))] as const;
  };

  test('is itself, and no window and no other month', async () => {
    expect(await has(file, [receiptKey(FILE)])).toBe(true);
    expect(await has(file, [receiptKey(idOf('rest', FEBRUARY))])).toBe(false);
    const january = { ...file, range: between('2024-01-01', '2024-02-01') };
    expect(await has(january, [receiptKey(FILE)])).toBe(false);
  });

  test('needs no receipt read unless it was republished, and then all of its own', async () => {
    const ids = [
      FILE,
      idOf('archive_monthly', FEBRUARY, 'b'),
      idOf('archive_monthly', between('2024-01-01', '2024-02-01')),
    ];
    const { store, landed } = await lakeOf(
      file,
      ids.map((id) => receiptKey(id)),
    );
    const read: string[] = [];
    const watched = {
      ...store,
      get: async (key: string) => {
        read.push(key);
        return store.get(key);
      },
    };
    await isLanded(file, landed, watched);
    expect(read).toEqual([]);
    await isLanded(revised, landed, watched);
    expect(read).toEqual(ids.slice(0, 2).map((id) => receiptKey(id)));
  });

  test('that was restored has not landed while the version between is the newest', async () => {
    const newer = receipt('b', NOW - 1, '"B"');
    expect(await has(revised, [receipt('a', NOW - 2, '"A"'), newer])).toBe(false);
    expect(await has(revised, [receipt('a', NOW, '"A"'), newer])).toBe(true);
    expect(await has(revised, [receiptKey(FILE)])).toBe(false);
  });
});

test('a snapshot has landed if exchangeInfo was seen lately', async () => {
  const wanted = chunkOf({ stream: INSTRUMENTS, range: { fromMs: NOW - HOUR, toMs: NOW } });
  const seen = (part: 'exchange_info' | 'funding_info', seenAtMs: number) =>
    has(wanted, [sightingKey({ stream: INSTRUMENTS, part, contentSha256: 'a'.repeat(64), seenAtMs })]);
  expect(await seen('exchange_info', NOW - 1)).toBe(true);
  expect(await seen('exchange_info', NOW - HOUR)).toBe(false);
  expect(await seen('funding_info', NOW - 1)).toBe(false);
});
