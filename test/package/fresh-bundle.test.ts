import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { freshBundle, readSources } from '../../bin/fresh-bundle.mjs';
import { temporaryFolder } from '../support/folder.ts';

const FILES = [
  'bin/lake.ts',
  'lib/cli/run.ts',
  'lib/domain/day.ts',
  'lib/exchange/simulated/exchange.ts',
  'package.json',
  'package-lock.json',
  'node_modules/.package-lock.json',
  'dist/lake.js',
];

/** A small clone with a bundle that was made from its sources. */
function builtClone(): string {
  const root = temporaryFolder();
  for (const file of FILES) write(root, file, `text of ${file}`);
  write(root, 'dist/sources.json', JSON.stringify(readSources(root)));
  return root;
}

function write(root: string, file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

test('a bundle is run if its sources are unchanged', () => {
  const root = builtClone();
  expect(freshBundle(root)).toBe(join(root, 'dist/lake.js'));
});

test('a source that was written again with the same text leaves the bundle fresh, as after a git checkout', () => {
  const root = builtClone();
  for (const file of FILES.slice(0, -1)) {
    rmSync(join(root, file));
    write(root, file, `text of ${file}`);
    utimesSync(join(root, file), 1, 1);
  }
  expect(freshBundle(root)).toBe(join(root, 'dist/lake.js'));
});

describe('a bundle is never run if', () => {
  test.each(FILES.slice(0, -1))('%s has changed, also if size and mtime are as before', (file) => {
    const root = builtClone();
    const { atime, mtime } = statSync(join(root, file));
    write(root, file, readFileSync(join(root, file), 'utf8').replace('text', 'Text'));
    utimesSync(join(root, file), atime, mtime);
    expect(freshBundle(root)).toBeUndefined();
  });

  test.each<[string, (root: string) => void]>([
    ['a source was added', (root) => write(root, 'lib/domain/new.ts', '')],
    ['a source was added in a new folder', (root) => write(root, 'lib/new/new.ts', '')],
    ['a source was removed', (root) => rmSync(join(root, 'lib/domain/day.ts'))],
    ['a source was renamed', (root) => renameSync(join(root, 'lib/domain/day.ts'), join(root, 'lib/domain/days.ts'))],
    ['the lock file was removed', (root) => rmSync(join(root, 'package-lock.json'))],
    ['its record is missing', (root) => rmSync(join(root, 'dist/sources.json'))],
    ['no bundle was made', (root) => rmSync(join(root, 'dist'), { recursive: true })],
  ])('%s', (_, change) => {
    const root = builtClone();
    change(root);
    expect(freshBundle(root)).toBeUndefined();
  });
});

test('an installed package has no sources, and its bundle is always run', () => {
  const root = builtClone();
  for (const folder of ['lib', 'bin', 'node_modules']) rmSync(join(root, folder), { recursive: true });
  rmSync(join(root, 'dist/sources.json'));
  expect(freshBundle(root)).toBe(join(root, 'dist/lake.js'));
});
