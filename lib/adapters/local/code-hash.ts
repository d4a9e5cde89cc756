import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

/** Folders whose code decides what bytes a shard has. */
const REFINING = ['lib/domain', 'lib/features', 'lib/labels', 'lib/refine'];

/** Packages that write the bytes. */
const WRITERS = ['apache-arrow', 'parquet-wasm'];

/**
 * sha256 over the code that turns landed bytes into tables, and the versions of the packages that write them. It stands
 * in every manifest: other code, other hash, and the shard is made anew.
 */
export function codeHash(): string {
  return hashOf(REFINING);
}

/** The same for the code that makes training packs, which is more. */
export function datasetCodeHash(): string {
  return hashOf([...REFINING, 'lib/dataset']);
}

function hashOf(folders: readonly string[]): string {
  const hash = createHash('sha256');
  for (const folder of folders) {
    const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => name.replaceAll('\\', '/'))
      .sort();
    for (const name of files) {
      const text = readFileSync(join(ROOT, folder, name), 'utf8').replaceAll('\r\n', '\n');
      hash.update(`${folder}/${name}\0${text}\0`);
    }
  }
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  for (const name of WRITERS) hash.update(`${name}@${dependencies[name]}\0`);
  return hash.digest('hex');
}
