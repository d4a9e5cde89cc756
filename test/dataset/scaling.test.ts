import fc from 'fast-check';
import { ROLES } from '../../lib/dataset/contract.ts';
import { scalingOf, trainingGroups } from '../../lib/dataset/scaling.ts';

/** numpy's default quantile: linear between the two nearest ranks. */
function quantile(sorted: readonly number[], q: number): number {
  const rank = q * (sorted.length - 1);
  const lower = sorted[Math.floor(rank)]!;
  return lower + ((sorted[Math.ceil(rank)] ?? lower) - lower) * (rank % 1);
}

const float = fc.float({ noNaN: true, min: Math.fround(-1e6), max: Math.fround(1e6) });
const value = fc.oneof(float, fc.constantFrom(Number.NaN, 0, -0, 1, -1), float);
const role = fc.constantFrom(...Object.values(ROLES));
const cases = fc
  .tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 5 }))
  .chain(([rows, folds]) =>
    fc.tuple(
      fc.array(value, { minLength: rows, maxLength: rows }),
      fc.array(fc.array(role, { minLength: rows, maxLength: rows }), { minLength: folds, maxLength: folds }),
    ),
  );

test('of the training rows of each fold, as by sorting and summing them', () => {
  fc.assert(
    fc.property(cases, ([values, roles]) => {
      const groups = trainingGroups(
        roles.map((of) => Int8Array.from(of)),
        values.length,
      );
      const found = scalingOf(Float32Array.from(values), groups, roles.length);
      roles.forEach((of, fold) => {
        const trained = values
          .filter((v, row) => of[row] === ROLES.train && !Number.isNaN(v))
          .map(Math.fround)
          .sort((a, b) => a - b);
        const { count, mean, std, median, iqr } = found[fold]!;
        expect(count).toBe(trained.length);
        if (count === 0) {
          expect([mean, std, median, iqr]).toEqual([NaN, NaN, NaN, NaN]);
          return;
        }
        const scale = Math.max(1e-30, ...trained.map(Math.abs));
        const average = trained.reduce((sum, v) => sum + v, 0) / count;
        const variance = trained.reduce((sum, v) => sum + (v - average) ** 2, 0) / count;
        expect(Math.abs(mean - average)).toBeLessThanOrEqual(1e-12 * scale);
        expect(Math.abs(std - Math.sqrt(variance))).toBeLessThanOrEqual(1e-7 * scale);
        expect(median + 0).toBe(quantile(trained, 0.5) + 0);
        expect(iqr).toBe(quantile(trained, 0.75) - quantile(trained, 0.25));
      });
    }),
  );
});

test('rows that a fold does not train on change nothing in its statistics', () => {
  fc.assert(
    fc.property(cases, float, ([values, roles], other) => {
      const of = Int8Array.from(roles[0]!);
      const groups = trainingGroups([of], values.length);
      const edited = values.map((v, row) => (of[row] === ROLES.train ? v : other));
      expect(scalingOf(Float32Array.from(edited), groups, 1)).toEqual(scalingOf(Float32Array.from(values), groups, 1));
    }),
  );
});
