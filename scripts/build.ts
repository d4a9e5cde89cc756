import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freshBundle, readSources } from '../bin/fresh-bundle.mjs';
import { codeHashesOfSources } from '../lib/adapters/local/code-hash.ts';
import { sourceCommit } from '../lib/adapters/local/source-commit.ts';
import { bundleOptions } from './bundle-options.ts';

/**
 * `npm run build`: bundles the command into dist/, so that it starts fast and needs neither TypeScript nor CDK. npm
 * runs it after `npm ci` and before `npm pack` (`prepare`).
 */
const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const DIST = join(ROOT, 'dist');

const { build } = await import('esbuild');
// A fresh bundle may be running. It stays whole: each of its files is replaced in one step, by the same content.
if (freshBundle(ROOT) === undefined) rmSync(DIST, { recursive: true, force: true });
mkdirSync(DIST, { recursive: true });
// Sources are read before they are bundled: if one changes meanwhile, the bundle counts as stale.
const sources = readSources(ROOT);
const codeHashes = codeHashesOfSources(ROOT);
const { metafile, outputFiles } = await build(bundleOptions(ROOT));

// Modules that stand in for packages have a prefix such as `never-used:`.
const files = Object.keys(metafile.inputs).filter((path) => !/^[a-z-]+:/.test(path));
const unknown = files.filter((path) => !path.includes('node_modules/') && !sources[path]);
if (unknown.length > 0) {
  throw new Error(`inputs of the bundle must be in the folders of bin/fresh-bundle.mjs, got ${unknown.join(', ')}`);
}
const builtFrom = { commit: sourceCommit(), codeHashes };
const written = new Map<string, string | Uint8Array>([
  ...outputFiles.map(({ path, contents }) => [basename(path), contents] as const),
  ['built-from.json', JSON.stringify(builtFrom)],
  // Last, because a bundle without it is not run.
  ['sources.json', JSON.stringify(sources)],
]);
for (const [name, contents] of written) {
  writeFileSync(join(DIST, `${name}.new`), contents);
  renameSync(join(DIST, `${name}.new`), join(DIST, name));
}
for (const name of readdirSync(DIST)) if (!written.has(name)) rmSync(join(DIST, name));
