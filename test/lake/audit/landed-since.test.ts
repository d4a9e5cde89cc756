import { countLandedSince } from '../../../lib/lake/audit/landed-by-period.ts';
import type { LandedReceipt } from '../../../lib/lake/landing/receipt.ts';

const range = (fromMs: number, toMs: number) => ({ fromMs, toMs });
const LANDED = [
  { receiptKey: 'a', range: range(0, 4) },
  { receiptKey: 'b', range: range(4, 8) },
];
const once = { receiptKey: 'a', again: undefined };
const twice = { receiptKey: 'b', again: { fetchedAtMs: 20, asOfMs: 9, earlierMs: [10] } };

function receipt(...times: readonly number[]): LandedReceipt {
  const entries = times.map((fetchedAtMs) => ({ url: 'http://127.0.0.1/', fetchedAtMs, asOfMs: 9 }));
  const earlier = entries.slice(0, -1);
  const id = { source: 'rest', range: range(0, 4), sha256: '0', sizeBytes: 1 } as const;
  return { ...id, ...entries.at(-1)!, ...(earlier.length > 0 && { earlier }) };
}

const receipts = (a: LandedReceipt | undefined, b: LandedReceipt | undefined) => new Map([['a', a] as const, ['b', b]]);

describe('objects that landed since a shard was made', () => {
  test('count as zero if it lists all of them with their times', () => {
    expect(countLandedSince(LANDED, [once, twice], receipts(receipt(5), receipt(10, 20)))).toBe(0);
  });

  test('are those that landed again since, whichever landing came later', () => {
    expect(countLandedSince(LANDED, [once, twice], receipts(receipt(5, 30), receipt(10, 20)))).toBe(1);
    expect(countLandedSince(LANDED, [once, twice], receipts(receipt(5), receipt(10, 20, 30)))).toBe(1);
    expect(countLandedSince(LANDED, [once, twice], receipts(receipt(5), receipt(8, 10, 20)))).toBe(1);
  });

  test('are not those whose receipt is damaged or is that of a sighting', () => {
    expect(countLandedSince(LANDED, [once, twice], new Map())).toBe(0);
    expect(countLandedSince(LANDED, [once, twice], receipts(undefined, undefined))).toBe(0);
  });

  test('are those that it does not list, except what an input may contain', () => {
    const within = { receiptKey: 'c', range: range(1, 3) };
    const over = { receiptKey: 'd', range: range(3, 5) };
    expect(countLandedSince([...LANDED, within], [once, twice], new Map())).toBe(0);
    expect(countLandedSince([...LANDED, over], [once, twice], new Map())).toBe(1);
  });
});
