import { noteError } from './note-error.ts';

/**
 * Demands that a column is what an obvious second implementation says at every row: undefined if that is not finite,
 * else equal to so many digits of the value, or of `scale` if the value is the small difference of larger ones.
 */
export function expectValues(
  name: string,
  ours: Float64Array,
  expected: (row: number) => number,
  digits = 12,
  scale = 1,
): void {
  for (const [row, value] of ours.entries()) noteError(name, 'second implementation', expected(row), value, scale);
  const differing = [...ours.keys()]
    .map((row) => ({ row, expected: expected(row), ours: ours[row]! }))
    .filter(({ expected, ours }) =>
      Number.isFinite(expected)
        ? !(Math.abs(expected - ours) <= 10 ** -digits * Math.max(scale, Math.abs(expected)))
        : !Number.isNaN(ours),
    );
  expect(differing).toEqual([]);
}
