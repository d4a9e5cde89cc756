import * as fs from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { jest } from '@jest/globals';

// No such disk can be mounted on most machines that run the tests: these are the calls of one, over the disk that is
// there.

/** The path as it is spelled on the disk, as far as anything is there under any spelling. */
async function spelled(path: string): Promise<string> {
  const parent = dirname(path);
  if (parent === path) return path;
  const folder = await spelled(parent);
  const name = path.slice(parent.length).replace('/', '');
  const names = await fs.readdir(folder).catch((): string[] => []);
  const there = names.includes(name) ? name : names.find((other) => other.toLowerCase() === name.toLowerCase());
  return join(folder, there ?? name);
}

type Call = (path: string, ...rest: unknown[]) => Promise<unknown>;
const real = fs as unknown as Record<string, Call>;
const onePath = ['mkdir', 'open', 'readdir', 'readFile', 'rm', 'stat', 'unlink', 'realpath'].map(
  (name): [string, Call] => [name, async (path, ...rest) => real[name]!(await spelled(path), ...rest)],
);
const twoPaths = ['link', 'rename'].map((name): [string, Call] => [
  name,
  async (from, to) => real[name]!(await spelled(from), await spelled(String(to))),
]);
jest.unstable_mockModule('node:fs/promises', () => Object.fromEntries([...onePath, ...twoPaths]));
const { folderObjectStore } = await import('../../../lib/adapters/local/folder-object-store.ts');
// It imports that store too, so it is loaded after the mock.
const { temporaryFolder } = await import('../../support/folder.ts');

const keyOf = (interval: string, name = 'candles.parquet') =>
  `candles/market=um/symbol=BTCUSDT/interval=${interval}/period=all/${name}`;

test('the disk is one that does not tell upper from lower case', async () => {
  const store = folderObjectStore(temporaryFolder());
  await store.put('Some/Key', Buffer.from('x'));
  expect(Buffer.from((await store.get('sOME/kEY'))!).toString()).toBe('x');
});

test.each([
  ['1m', '1M'],
  ['1M', '1m'],
])('a lake that holds %s refuses %s, and reads nothing of the one as the other', async (first, second) => {
  const folder = temporaryFolder();
  const store = folderObjectStore(folder);
  await store.put(keyOf(first), Buffer.from(first));
  await store.put(keyOf('15m'), Buffer.from('15m'));
  for (const lake of [store, folderObjectStore(folder)]) {
    await expect(lake.put(keyOf(second), Buffer.from(second))).rejects.toMatchObject({
      name: 'BadInput',
      message:
        `interval ${second} must not be in one lake with ${first} on a disk that ` +
        `does not tell upper from lower case, got ${folder}: use another --lake`,
    });
    await expect(lake.put(keyOf(second, 'other.parquet'), Buffer.from(second))).rejects.toThrow('must not be');
    expect(await lake.get(keyOf(second))).toBeUndefined();
    expect(await lake.list(`candles/market=um/symbol=BTCUSDT/interval=${second}/`)).toEqual([]);
    await lake.remove(keyOf(second));
    expect((await lake.list('candles/')).map(({ key }) => key)).toEqual([keyOf('15m'), keyOf(first)].sort());
    expect(Buffer.from((await lake.get(keyOf(first)))!).toString()).toBe(first);
  }
});
