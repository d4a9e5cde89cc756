import { RUNGS, rungOf, testFiles } from '../rungs.mjs';

const ENTRIES = Object.values(RUNGS).flat();

test('every test file is on exactly one rung of the ladder', () => {
  expect(testFiles().length).toBeGreaterThan(200);
  for (const file of testFiles()) expect(Object.keys(RUNGS)).toContain(rungOf(file));
});

test('every line of the table decides for a test file', () => {
  const decided = new Set(
    testFiles().map((file) => {
      const entries = ENTRIES.filter((entry) => file === entry || file.startsWith(`${entry}/`));
      return entries.reduce((longest, entry) => (entry.length > longest.length ? entry : longest));
    }),
  );
  expect(ENTRIES.filter((entry) => !decided.has(entry))).toEqual([]);
});

test('a test file outside the table is an error that names the file', () => {
  expect(() => rungOf('elsewhere/some.test.ts')).toThrow(
    'test/elsewhere/some.test.ts must be on a rung: add its folder to test/rungs.mjs',
  );
});
