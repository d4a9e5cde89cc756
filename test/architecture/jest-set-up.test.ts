import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Test, TestContext } from '@jest/test-result';
import LongestFirst from '../longest-first.mjs';

test('a module has its own constants for the globals of inner loops, so that jest does not look them up', () => {
  const shared = globalThis.Math;
  try {
    globalThis.Math = {} as Math;
    expect(Math.max(1, 2)).toBe(2);
  } finally {
    globalThis.Math = shared;
  }
});

test('suites of the table of long ones start first, in the order of the table; the others follow', async () => {
  const context = {
    config: { id: 'none', cacheDirectory: tmpdir() },
    hasteFS: { getSize: (path: string) => path.length },
  } as unknown as TestContext;
  const testOf = (name: string): Test => ({
    path: fileURLToPath(new URL(`../${name}.test.ts`, import.meta.url)),
    context,
  });
  const others = ['domain/keys', 'domain/interval'];
  const tests = [...others, 'features/laws', 'documents/commands', 'end-to-end/sameness'].map(testOf);
  const sequencer = new LongestFirst({ contexts: [context], globalConfig: {} as never });
  const ordered = (await sequencer.sort(tests)).map(({ path }) => path);
  expect(ordered).toEqual(
    ['documents/commands', 'end-to-end/sameness', 'features/laws', 'domain/interval', 'domain/keys'].map(
      (name) => testOf(name).path,
    ),
  );
});
