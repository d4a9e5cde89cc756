// @ts-check
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The record of one source file.
 * @typedef {{ readonly size: number, readonly ctimeMs: number, readonly sha256: string }} Source
 */

/** Folders whose files go into the bundle. */
const FOLDERS = ['bin', 'lib'];

/** Files that decide which packages go into the bundle, and how. */
const FILES = [
  'package.json',
  'package-lock.json',
  'node_modules/.package-lock.json',
  'scripts/build.ts',
  'scripts/bundle-options.ts',
];

/** The record of the sources that a bundle was made from. It is written last into dist/. */
const RECORD = 'dist/sources.json';

/**
 * Returns the entry of the bundle if it was made from exactly the sources that are there now. An installed package has
 * no sources: its bundle always counts.
 * @param {string} root the package's folder
 * @returns {string | undefined}
 */
export function freshBundle(root) {
  const entry = join(root, 'dist/lake.js');
  if (!existsSync(join(root, 'bin/lake.ts'))) return entry;
  if (!existsSync(join(root, RECORD))) return undefined;
  /** @type {Readonly<Record<string, Source>>} */
  const record = JSON.parse(readFileSync(join(root, RECORD), 'utf8'));
  const paths = sourcePaths(root);
  const isSame = paths.length === Object.keys(record).length && paths.every((path) => agrees(root, path, record[path]));
  return isSame ? entry : undefined;
}

/**
 * Returns the record of every source, for a new bundle.
 * @param {string} root
 * @returns {Record<string, Source>}
 */
export function readSources(root) {
  return Object.fromEntries(
    sourcePaths(root).map((path) => {
      const { size, ctimeMs } = statSync(join(root, path));
      return [path, { size, ctimeMs, sha256: sha256(root, path) }];
    }),
  );
}

/**
 * Any write sets ctime, and nothing can set it back, so a file of the same size and ctime is unchanged. A file that was
 * only touched, moved or checked out again has other times: then its content decides.
 * @param {string} root
 * @param {string} path
 * @param {Source | undefined} known
 */
function agrees(root, path, known) {
  if (!known) return false;
  const { size, ctimeMs } = statSync(join(root, path));
  if (size !== known.size) return false;
  return ctimeMs === known.ctimeMs || sha256(root, path) === known.sha256;
}

/** @param {string} root */
function sourcePaths(root) {
  const below = FOLDERS.flatMap((folder) => filesBelow(root, folder));
  return [...below, ...FILES.filter((path) => existsSync(join(root, path)))];
}

/**
 * @param {string} root
 * @param {string} folder
 * @returns {string[]}
 */
function filesBelow(root, folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(root, path) : [path];
  });
}

/**
 * @param {string} root
 * @param {string} path
 */
function sha256(root, path) {
  return createHash('sha256')
    .update(readFileSync(join(root, path)))
    .digest('hex');
}
