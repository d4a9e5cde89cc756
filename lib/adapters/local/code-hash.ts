import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtFrom, PACKAGE_ROOT } from './installation.ts';

/** Folders whose code decides what bytes a shard has. */
const REFINING = ['lib/domain', 'lib/features', 'lib/labels', 'lib/lake/refine'];

/** The folders of each code hash. */
const HASHED = { refine: REFINING, dataset: [...REFINING, 'lib/dataset'] } as const;
type CodeName = keyof typeof HASHED;

/** Packages that write the bytes. */
const WRITERS = ['apache-arrow', 'parquet-wasm'];

/**
 * sha256 over the code that turns landed bytes into tables, and the versions of the packages that write them. It stands
 * in every manifest: other code, other hash, and the shard is made anew.
 */
export function codeHash(): string {
  return codeHashOf('refine');
}

/** The same for the code that makes training packs, which is more. */
export function datasetCodeHash(): string {
  return codeHashOf('dataset');
}

/** Returns every code hash by name, computed from the sources. The build writes them beside the bundle. */
export function codeHashesOfSources(): Record<CodeName, string> {
  return { refine: hashOfSources(HASHED.refine), dataset: hashOfSources(HASHED.dataset) };
}

/** A bundle has no sources, so it carries the hashes of those that it was made from. */
function codeHashOf(name: CodeName): string {
  const built = builtFrom();
  return built ? built.codeHashes[name]! : hashOfSources(HASHED[name]);
}

function hashOfSources(folders: readonly string[]): string {
  const hash = createHash('sha256');
  for (const folder of folders) {
    const files = readdirSync(join(PACKAGE_ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => name.replaceAll('\\', '/'))
      .sort();
    for (const name of files) {
      const text = readFileSync(join(PACKAGE_ROOT, folder, name), 'utf8').replaceAll('\r\n', '\n');
      hash.update(`${folder}/${name}\0${text}\0`);
    }
  }
  const { dependencies } = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  for (const name of WRITERS) hash.update(`${name}@${dependencies[name]}\0`);
  return hash.digest('hex');
}
