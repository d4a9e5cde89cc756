import fc from 'fast-check';
import { uniquenessOver } from '../../lib/dataset/row-weights.ts';

test('by hand: three labels, the second within the first', () => {
  const t0 = Float64Array.from([0, 10, 20, 30]);
  const t1 = Float64Array.from([20, 15, 35, 99]);
  expect([...uniquenessOver(t0, t1)]).toEqual([(1 + 1 / 2 + 1 / 2) / 3, 1 / 2, (1 / 2 + 1 / 2) / 2, 1 / 2]);
});

test('as by counting, for every row, the labels that cover it', () => {
  const rows = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.nat(60)), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(rows, (list) => {
      let time = 0;
      const t0 = Float64Array.from(list, ([step]) => (time += step));
      const t1 = t0.map((t, row) => t + list[row]![1]);
      const covers = (label: number, row: number) => row >= label && t0[row]! <= t1[label]!;
      const all = [...t0.keys()];
      const expected = all.map((label) => {
        const shares = all
          .filter((row) => covers(label, row))
          .map((row) => 1 / all.filter((other) => covers(other, row)).length);
        return shares.reduce((sum, share) => sum + share, 0) / shares.length;
      });
      expect([...uniquenessOver(t0, t1)]).toEqual(expected);
    }),
  );
});
