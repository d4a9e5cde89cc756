import fc from 'fast-check';
import { ROLES } from '../../lib/dataset/contract.ts';
import { foldsOver, rolesIn, spansOf } from '../../lib/dataset/folds.ts';
import { blockOf, cutBlocks } from '../../lib/dataset/time-blocks.ts';

/** Rows of a few symbols on a grid of times, with labels of very different lengths, in any order. */
const rows = fc
  .array(
    fc.record({ t0: fc.nat(300), length: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 90 })) }),
    {
      minLength: 1,
      maxLength: 150,
    },
  )
  .map((list) => ({
    t0: Float64Array.from(list, ({ t0 }) => t0),
    t1: Float64Array.from(list, ({ t0, length }) => t0 + length),
  }));

function divide({ t0, t1 }: { t0: Float64Array; t1: Float64Array }, folds: number, embargoMs: number) {
  const blocks = cutBlocks(t0, folds + 1);
  if (!blocks) return undefined;
  const block = blockOf(t0, blocks);
  const spans = spansOf(t0, t1, block, blocks.length);
  const all = foldsOver(folds);
  return { blocks, block, folds: all, roles: all.map((fold) => rolesIn(fold, t0, t1, block, spans, embargoMs)) };
}

describe('blocks of time', () => {
  test('follow one another, hold every row once, and keep rows of one instant together', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 2, max: 9 }), ({ t0 }, count) => {
        const blocks = cutBlocks(t0, count);
        fc.pre(blocks !== undefined);
        if (!blocks) return;
        expect(blocks).toHaveLength(count);
        expect(blocks[0]!.fromMs).toBe(Math.min(...t0));
        blocks.forEach(({ fromMs, toMs, lastMs, rows: held }, i) => {
          const inside = [...t0].filter((t) => t >= fromMs && t < toMs);
          expect(inside.length).toBe(held);
          expect(held).toBeGreaterThan(0);
          expect(Math.max(...inside)).toBe(lastMs);
          if (i > 0) expect(fromMs).toBe(blocks[i - 1]!.toMs);
        });
        expect(blocks.reduce((sum, { rows: held }) => sum + held, 0)).toBe(t0.length);
      }),
    );
  });

  test('are equally large if no two rows share an instant', () => {
    const t0 = Float64Array.from({ length: 1000 }, (_, i) => i * 60_000);
    expect(cutBlocks(t0, 6)!.map(({ rows: held }) => held)).toEqual([167, 166, 167, 167, 166, 167]);
  });

  test('fewer instants than blocks cannot be cut', () => {
    expect(cutBlocks(Float64Array.from([1, 1, 1, 2, 2]), 3)).toBeUndefined();
    expect(cutBlocks(Float64Array.from([1, 1, 1, 2, 2]), 2)).toMatchObject([{ rows: 3 }, { rows: 2 }]);
    expect(cutBlocks(new Float64Array(), 2)).toBeUndefined();
  });
});

describe('folds', () => {
  test('walk-forward tests each later block after training on those before it; combinatorial tests every pair', () => {
    expect(foldsOver(2).map(({ name, testBlocks, trainBlocks }) => [name, testBlocks, trainBlocks])).toEqual([
      ['wf_1', [1], [0]],
      ['wf_2', [2], [0, 1]],
      ['cpcv_0_1', [0, 1], [2]],
      ['cpcv_0_2', [0, 2], [1]],
      ['cpcv_1_2', [1, 2], [0]],
    ]);
    expect(foldsOver(5)).toHaveLength(5 + 15);
  });

  test('no label that is trained on touches one that is tested, embargo included', () => {
    let trained = 0;
    fc.assert(
      fc.property(rows, fc.integer({ min: 2, max: 5 }), fc.nat(40), ({ t0, t1 }, folds, embargo) => {
        const divided = divide({ t0, t1 }, folds, embargo);
        fc.pre(divided !== undefined);
        for (const roles of divided!.roles) {
          const of = (role: number) => [...roles.keys()].filter((row) => roles[row] === role);
          const tests = of(ROLES.test);
          for (const train of of(ROLES.train)) {
            trained++;
            for (const test of tests) {
              const apart = Math.max(t0[train]! - t1[test]!, t0[test]! - t1[train]!);
              if (!(apart > embargo))
                throw new Error(`rows ${train} and ${test} are ${apart} apart, expected > ${embargo}`);
            }
          }
        }
      }),
    );
    expect(trained).toBeGreaterThan(1000);
  });

  test('walk-forward tests each row after block 0 once; combinatorial splits test each row once per fold', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 2, max: 5 }), ({ t0, t1 }, folds) => {
        const divided = divide({ t0, t1 }, folds, 3);
        fc.pre(divided !== undefined);
        const tested = (kind: string, row: number) =>
          divided!.folds.filter((fold, f) => fold.kind === kind && divided!.roles[f]![row] === ROLES.test).length;
        t0.forEach((_, row) => {
          expect(tested('walk_forward', row)).toBe(divided!.block[row] === 0 ? 0 : 1);
          expect(tested('combinatorial', row)).toBe(folds);
        });
      }),
    );
  });

  test('walk-forward trains on nothing later than what it tests', () => {
    fc.assert(
      fc.property(rows, ({ t0, t1 }) => {
        const divided = divide({ t0, t1 }, 4, 0);
        fc.pre(divided !== undefined);
        divided!.folds.forEach((fold, f) => {
          if (fold.kind !== 'walk_forward') return;
          const times = (role: number, of: Float64Array) =>
            [...of].filter((_, row) => divided!.roles[f]![row] === role);
          const lastTrained = Math.max(...times(ROLES.train, t1));
          expect(lastTrained).toBeLessThan(Math.min(...times(ROLES.test, t0)));
        });
      }),
    );
  });

  test('what is purged is what has to be, and no more: by hand', () => {
    // Rows 10 apart with labels of 1, except row 3, whose label is 25 long.
    const t0 = Float64Array.from({ length: 10 }, (_, i) => 10 * i);
    const t1 = t0.map((t, i) => t + (i === 3 ? 25 : 1));
    const divided = divide({ t0, t1 }, 2, 8)!;
    expect([...divided.block]).toEqual([0, 0, 0, 1, 1, 1, 1, 2, 2, 2]);
    // wf_1 tests rows 3 to 6, from 30 to 61: row 2 ends at 21, 9 before; kept with an embargo of 8, not with 9.
    expect([...divided.roles[0]!]).toEqual([1, 1, 1, 2, 2, 2, 2, 0, 0, 0]);
    expect([...divide({ t0, t1 }, 2, 9)!.roles[0]!]).toEqual([1, 1, -1, 2, 2, 2, 2, 0, 0, 0]);
    // cpcv_0_2 tests rows 0 to 2, until 21, and 7 to 9, from 70: row 3 begins at 30, row 6 ends at 61.
    expect([...divided.roles[3]!]).toEqual([2, 2, 2, 1, 1, 1, 1, 2, 2, 2]);
    expect([...divide({ t0, t1 }, 2, 9)!.roles[3]!]).toEqual([2, 2, 2, -1, 1, 1, -1, 2, 2, 2]);
  });
});
