import fc from 'fast-check';
import { ROLES } from '../../lib/dataset/contract.ts';
import { holdOutRoles } from '../../lib/dataset/hold-out.ts';

const rows = fc
  .array(fc.record({ t0: fc.nat(200), length: fc.integer({ min: 1, max: 60 }) }), { minLength: 2, maxLength: 80 })
  .map((list) => ({
    t0: Float64Array.from(list, ({ t0 }) => t0),
    t1: Float64Array.from(list, ({ t0, length }) => t0 + length),
  }));
const holdOut = fc.oneof(
  fc.integer({ min: 1, max: 99 }).map((percent) => ({ share: percent / 100 })),
  fc.integer({ min: 1, max: 300 }).map((spanMs) => ({ spanMs })),
);

test('held-out rows are the newest, and no label of the others reaches them, embargo included', () => {
  let purged = 0;
  fc.assert(
    fc.property(rows, holdOut, fc.nat(30), ({ t0, t1 }, part, embargo) => {
      const roles = holdOutRoles(part, t0, t1, embargo);
      const of = (role: number) => [...roles.keys()].filter((row) => roles[row] === role);
      const [held, trained] = [of(ROLES.test), of(ROLES.train)];
      const begin = Math.min(...held.map((row) => t0[row]!));
      expect(held.length).toBeGreaterThan(0);
      for (const row of [...trained, ...of(ROLES.purged)]) expect(t0[row]!).toBeLessThan(begin);
      for (const row of trained) expect(t1[row]! + embargo).toBeLessThan(begin);
      // Nothing is purged that does not have to be.
      for (const row of of(ROLES.purged)) expect(t1[row]! + embargo).toBeGreaterThanOrEqual(begin);
      purged += of(ROLES.purged).length;
      if ('spanMs' in part) expect(begin).toBeGreaterThan(Math.max(...t0) - part.spanMs);
    }),
    { numRuns: 300 },
  );
  expect(purged).toBeGreaterThan(0);
});

test('a share is that of the rows, if no two have one instant; without a hold-out all are trained on', () => {
  const t0 = Float64Array.from({ length: 100 }, (_, i) => i);
  const t1 = t0.map((time) => time + 1);
  const held = (share: number) => holdOutRoles({ share }, t0, t1, 0).filter((role) => role === ROLES.test).length;
  expect([0.2, 0.01, 0.99].map(held)).toEqual([20, 1, 99]);
  expect([...new Set(holdOutRoles(undefined, t0, t1, 5))]).toEqual([ROLES.train]);
});
