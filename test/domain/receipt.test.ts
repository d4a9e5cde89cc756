import fc from 'fast-check';
import { landingsOf, mergeReceipts, parseReceipt, type Receipt } from '../../lib/lake/landing/receipt.ts';

const ID = {
  series: { market: 'um', symbol: 'BTCUSDT', interval: '1h' },
  source: 'archive_monthly',
  range: { fromMs: Date.UTC(2024, 1), toMs: Date.UTC(2024, 2) },
  sha256: 'a'.repeat(64),
} as const;
const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const landed = (fetchedAtMs: number): Receipt => ({
  ...ID,
  url: 'https://example.org/BTCUSDT-1h-2024-02.zip',
  fetchedAtMs,
  asOfMs: fetchedAtMs - 5,
  sizeBytes: 9,
  etag: `"${fetchedAtMs}"`,
});

test('landings in any order and grouping are one receipt: each once, the newest on top, then the oldest first', () => {
  const times = fc.uniqueArray(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(times, fc.nat(6), (all, cut) => {
      const one = (part: readonly number[]) => part.map(landed).reduce(mergeReceipts);
      const [a, b] = [all.slice(0, cut), all.slice(cut)];
      const receipt = a.length > 0 && b.length > 0 ? mergeReceipts(one(b), one(a)) : one(all);
      const ascending = [...all].sort((x, y) => x - y);
      expect(landingsOf(receipt).map(({ fetchedAtMs }) => fetchedAtMs)).toEqual(ascending);
      expect(receipt).toMatchObject({ ...landed(ascending.at(-1)!) });
      expect(mergeReceipts(receipt, receipt)).toEqual(receipt);
      expect(parseReceipt(bytesOf(receipt), ID)).toEqual(receipt);
    }),
  );
});

test('a receipt of one landing, as the first lakes have them, is read', () => {
  expect(parseReceipt(bytesOf(landed(7)), ID)).toEqual(landed(7));
  expect(landingsOf(landed(7))).toHaveLength(1);
});

test.each([
  ['no JSON', '{'],
  ['null', 'null'],
  ['another hash', JSON.stringify({ ...landed(7), sha256: 'b'.repeat(64) })],
  ['another source', JSON.stringify({ ...landed(7), source: 'rest' })],
  [
    'a range whose digits were swapped',
    JSON.stringify({ ...landed(7), range: { ...ID.range, fromMs: ID.range.fromMs + 27 } }),
  ],
  ['a range that ends elsewhere', JSON.stringify({ ...landed(7), range: { ...ID.range, toMs: ID.range.toMs - 27 } })],
  ['no range', JSON.stringify({ ...landed(7), range: undefined })],
  ['an ETag that is no text', JSON.stringify({ ...landed(7), etag: 3 })],
  ['no time', JSON.stringify({ ...landed(7), fetchedAtMs: 'soon' })],
  ['damaged earlier landings', JSON.stringify({ ...landed(7), earlier: [{ fetchedAtMs: 3 }] })],
  ['earlier landings that are no list', JSON.stringify({ ...landed(7), earlier: { length: 1 } })],
  ['an earlier landing that is later', JSON.stringify({ ...landed(7), earlier: [landed(9)] })],
])('%s is no receipt', (_, text) => {
  expect(parseReceipt(new TextEncoder().encode(text), ID)).toBeUndefined();
});
