import fc from 'fast-check';
import { allocateRankScratch, denseRanks } from '../../../lib/features/windows/dense-ranks.ts';

function ranksOf(values: readonly number[], from = 0, to = values.length) {
  const ranks = new Uint32Array(to - from);
  const count = denseRanks(Float64Array.from(values), from, to, ranks, allocateRankScratch(to - from));
  return { count, ranks: [...ranks] };
}

/** Ranks by sorting. */
function expected(values: readonly number[]) {
  const known = [...new Set(values.map((value) => value + 0))].filter((v) => !Number.isNaN(v)).sort((a, b) => a - b);
  return { count: known.length, ranks: values.map((value) => known.indexOf(value + 0) + 1) };
}

test('ranks of doubles of every kind', () => {
  const few = fc.constantFrom(0, -0, 1, -1, Number.NaN, 1e-320, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
  fc.assert(
    fc.property(fc.array(fc.oneof(few, fc.double()), { maxLength: 60 }), (values) => {
      expect(ranksOf(values)).toEqual(expected(values));
    }),
  );
});

test('values that differ in their last bits only', () => {
  const bits = new BigUint64Array(500).map((_, i) => 0x3ff0000000000000n + BigInt((i * 7919) % 300));
  const values = [...new Float64Array(bits.buffer)];
  expect(ranksOf(values)).toEqual(expected(values));
});

test('of some rows only', () => {
  expect(ranksOf([9, 3, 1, 3, Number.NaN, -9], 1, 5)).toEqual({ count: 2, ranks: [2, 1, 2, 0] });
});

test('of none', () => {
  expect(ranksOf([])).toEqual({ count: 0, ranks: [] });
});
