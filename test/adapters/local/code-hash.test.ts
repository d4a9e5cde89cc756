import { appendFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { codeHash } from '../../../lib/adapters/local/code-hash.ts';
import { temporaryFolder } from '../../support/folder.ts';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

/** The parts of the repository that the hash reads, and the module itself, elsewhere. */
async function copyOfCode(): Promise<{ folder: string; hash: () => string }> {
  const folder = temporaryFolder();
  for (const part of ['lib/domain', 'lib/features', 'lib/labels', 'lib/lake/refine', 'package.json']) {
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  }
  const modules = join(folder, 'lib/adapters/local');
  mkdirSync(modules, { recursive: true });
  for (const name of ['code-hash.ts', 'installation.ts']) {
    cpSync(join(ROOT, 'lib/adapters/local', name), join(modules, name));
  }
  const module = pathToFileURL(join(modules, 'code-hash.ts')).href;
  const { codeHash: hash } = (await import(module)) as { codeHash: typeof codeHash };
  return { folder, hash };
}

test('is the same every time, and wherever the code lies', async () => {
  expect(codeHash()).toMatch(/^[0-9a-f]{64}$/);
  expect(codeHash()).toBe(codeHash());
  const { hash } = await copyOfCode();
  const before = hash();
  expect(hash()).toBe(before);
  expect((await copyOfCode()).hash()).toBe(before);
});

test('changes with any file that decides what bytes a shard has, also one that comes, goes or is renamed', async () => {
  const { folder, hash } = await copyOfCode();
  const seen = new Set([hash()]);
  const changed = () => {
    const size = seen.size;
    return seen.add(hash()).size > size;
  };
  for (const file of ['domain/interval.ts', 'features/table.ts', 'features/kernels/rsi.ts', 'labels/first-touch.ts']) {
    appendFileSync(join(folder, 'lib', file), '\n// x\n');
    expect([file, changed()]).toEqual([file, true]);
  }
  appendFileSync(join(folder, 'lib/lake/landing/merge.ts'), ' ');
  expect(changed()).toBe(true);
  writeFileSync(join(folder, 'lib/lake/refine/new.ts'), '');
  expect(changed()).toBe(true);
  cpSync(join(folder, 'lib/lake/refine/new.ts'), join(folder, 'lib/lake/refine/newer.ts'));
  rmSync(join(folder, 'lib/lake/refine/new.ts'));
  expect(changed()).toBe(true);
  rmSync(join(folder, 'lib/lake/refine/checkpoint.ts'));
  expect(changed()).toBe(true);
});

test('changes with the versions of the packages that write the bytes, and of no others', async () => {
  const { folder, hash } = await copyOfCode();
  const path = join(folder, 'package.json');
  const text = readFileSync(path, 'utf8');
  const before = hash();
  const bumped = (name: string) => {
    const json = JSON.parse(text) as { dependencies: Record<string, string> };
    json.dependencies[name] = '99.0.0';
    writeFileSync(path, JSON.stringify(json));
    return hash();
  };
  expect(bumped('parquet-wasm')).not.toBe(before);
  expect(bumped('apache-arrow')).not.toBe(before);
  expect(bumped('commander')).toBe(before);
});

test('does not change with line ends, notes or code of other stages', async () => {
  const { folder, hash } = await copyOfCode();
  const before = hash();
  const path = join(folder, 'lib/lake/landing/merge.ts');
  writeFileSync(path, readFileSync(path, 'utf8').replaceAll('\n', '\r\n'));
  writeFileSync(join(folder, 'lib/lake/refine/README.md'), 'x');
  mkdirSync(join(folder, 'lib/lake/fetch'));
  writeFileSync(join(folder, 'lib/lake/fetch/fetch.ts'), 'x');
  expect(hash()).toBe(before);
});
