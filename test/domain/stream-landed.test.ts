import type { StreamChunk } from '../../lib/domain/chunk.ts';
import type { Stream } from '../../lib/domain/stream.ts';
import { landingKey, receiptKey } from '../../lib/lake/keys.ts';
import { hasStreamLanded, streamLanded, vouchersOf } from '../../lib/lake/landing/stream-landed.ts';
import { sightingKey } from '../../lib/lake/stream-keys.ts';
import { HOUR_MS } from '../support/time.ts';

const FUNDING: Stream = { name: 'funding', market: 'um', symbol: 'BTCUSDT' };
const INSTRUMENTS: Stream = { name: 'instruments', market: 'um' };
const NOW = Date.parse('2024-03-05T10:00Z');
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

describe('a window', () => {
  test.each([
    ['that nothing covers', [], false],
    ['that two meet in', [between('2024-03-01', '2024-03-02'), between('2024-03-02', '2024-03-05')], true],
    ['of which a day is lacking', [between('2024-03-01', '2024-03-02'), between('2024-03-03', '2024-03-05')], false],
  ])('%s', (_, ranges, expected) => {
    const keys = ranges.map((range) => receiptKey(idOf('rest', range)));
    expect(hasStreamLanded(chunkOf({}), streamLanded(FUNDING, keys))).toBe(expected);
  });

  test('that a file covers which landed since', () => {
    const landed = streamLanded(FUNDING, [receiptKey(FILE)]);
    expect(hasStreamLanded(chunkOf({ range: between('2024-02-10', '2024-02-20') }), landed)).toBe(true);
  });

  test('of which there are bytes without a receipt', () => {
    const landed = streamLanded(FUNDING, [landingKey(idOf('rest', MARCH))]);
    expect(hasStreamLanded(chunkOf({}), landed)).toBe(false);
  });
});

describe('a file', () => {
  const file = chunkOf({ source: 'archive_monthly', range: FEBRUARY });
  const revised = { ...file, revision: { lastModifiedMs: NOW, etag: '"A"', sizeBytes: 9 } };
  const receipt = (sha: string, fetchedAtMs: number, etag: string) => {
    const id = idOf('archive_monthly', FEBRUARY, sha);
    const words = { ...id, url: 'https://example.org/some.zip', fetchedAtMs, asOfMs: NOW, sizeBytes: 8, etag };
    return { id, bytes: new TextEncoder().encode(JSON.stringify(words)) };
  };
  const landed = streamLanded(FUNDING, [receiptKey(FILE)]);

  test('is itself, and no window and no other month', () => {
    expect(hasStreamLanded(file, landed)).toBe(true);
    expect(hasStreamLanded(file, streamLanded(FUNDING, [receiptKey(idOf('rest', FEBRUARY))]))).toBe(false);
    expect(hasStreamLanded({ ...file, range: between('2024-01-01', '2024-02-01') }, landed)).toBe(false);
  });

  test('needs no receipt read unless it was published anew, and then all of its own', () => {
    const ids = [
      FILE,
      idOf('archive_monthly', FEBRUARY, 'b'),
      idOf('archive_monthly', between('2024-01-01', '2024-02-01')),
    ];
    const there = streamLanded(FUNDING, ids.map(receiptKey));
    expect(vouchersOf(file, there)).toEqual([]);
    expect(vouchersOf(revised, there)).toEqual(ids.slice(0, 2));
  });

  test('that was put back as it was has not landed while what came between stands', () => {
    const between = receipt('b', NOW - 1, '"B"');
    expect(hasStreamLanded(revised, landed, [receipt('a', NOW - 2, '"A"'), between])).toBe(false);
    expect(hasStreamLanded(revised, landed, [receipt('a', NOW, '"A"'), between])).toBe(true);
    expect(hasStreamLanded(revised, landed)).toBe(false);
  });
});

test('a snapshot is what exchangeInfo said lately', () => {
  const wanted = chunkOf({ stream: INSTRUMENTS, range: { fromMs: NOW - HOUR_MS, toMs: NOW } });
  const has = (part: 'exchange_info' | 'funding_info', seenAtMs: number) => {
    const sighting = { stream: INSTRUMENTS, part, contentSha256: 'a'.repeat(64), seenAtMs };
    return hasStreamLanded(wanted, streamLanded(INSTRUMENTS, [sightingKey(sighting)]));
  };
  expect(has('exchange_info', NOW - 1)).toBe(true);
  expect(has('exchange_info', NOW - HOUR_MS)).toBe(false);
  expect(has('funding_info', NOW - 1)).toBe(false);
});
