import type { FeatureColumns } from '../../lib/features/engine.ts';
import type { FeatureName } from '../../lib/features/table.ts';
import { noteError } from './note-error.ts';

/**
 * Compares a column with a second implementation, row by row: null if that is not finite, else within `tolerance`
 * relative to the larger of the value and `scale`.
 */
export function expectColumn(
  { columns }: FeatureColumns,
  name: FeatureName,
  expected: (row: number) => number,
  { tolerance = 1e-11, scale = 0 }: { tolerance?: number; scale?: number } = {},
): void {
  const ours = columns[name];
  let compared = 0;
  const differing = [...ours.entries()].flatMap(([row, value]) => {
    const wanted = expected(row);
    if (!Number.isFinite(wanted)) return Number.isNaN(value) ? [] : [{ row, wanted, value }];
    compared++;
    noteError(name, 'second implementation', wanted, value, scale);
    return Math.abs(wanted - value) <= tolerance * Math.max(scale, Math.abs(wanted)) ? [] : [{ row, wanted, value }];
  });
  expect(differing.slice(0, 5)).toEqual([]);
  expect(compared).toBeGreaterThan(ours.length / 4);
}

/** The last `length` values at a row; empty if there are fewer. */
export function windowAt(values: ArrayLike<number>, row: number, length: number): number[] {
  return row < length - 1 ? [] : Array.from({ length }, (_, k) => values[row - length + 1 + k]!);
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Sum of a power of the deviations from the mean, in two passes. */
export function powerSum(values: readonly number[], power: number): number {
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + (value - mean) ** power, 0);
}

/** Sample standard deviation, exactly 0 for equal values; undefined for fewer than two. */
export function sampleDeviation(values: readonly number[]): number {
  if (values.length < 2) return Number.NaN;
  if (values.every((value) => value === values[0])) return 0;
  return Math.sqrt(powerSum(values, 2) / (values.length - 1));
}
