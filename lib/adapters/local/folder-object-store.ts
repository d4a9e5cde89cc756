import { randomUUID } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { mkdir, open, readdir, readFile, realpath, rename, rm, stat, unlink } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { BadInput, ObjectChanged } from '../../domain/errors.ts';
import { isLandedBytes } from '../../lake/keys.ts';
import type { PrunableStore, PutCondition, StoredObject } from '../../ports.ts';
import { intervalFolders } from './interval-folders.ts';
import { isAbsent } from './is-absent.ts';
import { createFile, fileTag, replaceFile, tagOf } from './replace-file.ts';

/**
 * Folder at the root of the lake for files being written; they are no objects, and no reader's pattern matches them.
 */
const WRITING = '.writing';

/** A file that old was left by a process that died. */
const ABANDONED_AFTER_MS = 3_600_000;

/**
 * A folder as an object store: a key is a path below it. A put writes a temporary file in the lake, flushes it and
 * renames it over the target, so that a reader, or a crash at any moment, finds the old bytes or the new.
 */
export function folderObjectStore(root: string): PrunableStore {
  const path = resolve(root);
  const folder: LakeFolder = { path, isSpelledSo: intervalFolders(path) };
  return {
    url: path,
    get: (key) => get(folder, key),
    put: (key, bytes, condition) => put(folder, key, bytes, condition),
    remove: (key) => remove(folder, key),
    list: (prefix, after) => list(folder, prefix, after),
  };
}

interface LakeFolder {
  readonly path: string;
  /** Returns true if the interval of a key is spelled on the disk as in the key. */
  readonly isSpelledSo: (key: string) => Promise<boolean>;
}

async function get(folder: LakeFolder, key: string): Promise<Uint8Array | undefined> {
  try {
    if (!(await folder.isSpelledSo(key))) return undefined;
    return await readFile(await realPath(folder, pathOf(folder, key)));
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

async function put(
  folder: LakeFolder,
  key: string,
  bytes: Uint8Array,
  condition: PutCondition | undefined = isLandedBytes(key) ? { tag: undefined } : undefined,
): Promise<string> {
  const path = pathOf(folder, key);
  const temporary = join(folder.path, WRITING, randomUUID());
  try {
    await makeFolders(folder, key);
    await writeFlushed(temporary, bytes);
    const tag = (await fileTag(temporary))!;
    if (await moved(temporary, path, condition)) return tag;
    await rm(temporary, { force: true });
    const there = await fileTag(path);
    if (there !== undefined && Buffer.compare(await readFile(path), bytes) === 0) return there;
    throw new ObjectChanged(
      `${key} in ${folder.path} has tag ${there ?? 'none'}, expected ${condition?.tag ?? 'none'}`,
    );
  } catch (error) {
    await rm(temporary, { force: true });
    throw error instanceof BadInput || error instanceof ObjectChanged
      ? error
      : cannotWrite(key, folder.path, error as NodeJS.ErrnoException);
  }
}

async function remove(folder: LakeFolder, key: string): Promise<void> {
  try {
    const path = pathOf(folder, key);
    if (await folder.isSpelledSo(key)) await unlink(path);
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
}

async function list(folder: LakeFolder, prefix: string, after: string | undefined): Promise<StoredObject[]> {
  // The deepest folder that holds every match; the rest of the prefix is the beginning of a name in it.
  const parent = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  const found: StoredObject[] = [];
  const path = parent === '' ? folder.path : pathOf(folder, parent);
  try {
    if (await folder.isSpelledSo(parent)) await walk(await realPath(folder, path), parent, found);
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
  const isWanted = (key: string) => key.startsWith(prefix) && (after === undefined || compareBytes(key, after) > 0);
  return found.filter(({ key }) => isWanted(key)).sort((a, b) => compareBytes(a.key, b.key));
}

function pathOf({ path: folder }: LakeFolder, key: string): string {
  const path = join(folder, ...key.split('/'));
  const steps = key.split('/').some((step) => step === '.' || step === '..');
  if (steps || key.includes('\0') || !path.startsWith(folder + sep)) {
    throw new BadInput(`key must stay inside the lake, got '${key}'`);
  }
  return path;
}

/**
 * Returns the path without links. The lake itself may be a link, but no link inside the lake may lead out of it.
 */
async function realPath(folder: LakeFolder, path: string): Promise<string> {
  const [real, root] = await Promise.all([realpath(path), realpath(folder.path)]);
  if (real === root || real.startsWith(root + sep)) return real;
  throw new BadInput(`lake must hold no link that leads out of it, got ${path} to ${real}`);
}

/** Makes the folder of a key and the folder for files being written. @throws BadInput if the key cannot be put there */
async function makeFolders(folder: LakeFolder, key: string): Promise<void> {
  const parent = dirname(pathOf(folder, key));
  const writing = join(folder.path, WRITING);
  await mkdir(parent, { recursive: true });
  await mkdir(writing, { recursive: true });
  await Promise.all([realPath(folder, parent), realPath(folder, writing)]);
  if (!(await folder.isSpelledSo(key))) throw caseTwin(key, folder.path);
}

async function writeFlushed(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The refusal to put two intervals into one folder. */
function caseTwin(key: string, folder: string): BadInput {
  const interval = /interval=(\w+)/.exec(key)?.[1] ?? '';
  const other = interval.endsWith('M') ? interval.toLowerCase() : interval.toUpperCase();
  return new BadInput(
    `interval ${interval} must not be in one lake with ${other} on a disk that ` +
      `does not tell upper from lower case, got ${folder}: use another --lake`,
  );
}

/** Moves a written file to where it belongs. Returns false if the condition does not hold. */
async function moved(temporary: string, path: string, condition: PutCondition | undefined): Promise<boolean> {
  if (condition) {
    const { tag } = condition;
    return tag === undefined ? createFile(temporary, path) : replaceFile(temporary, path, tag);
  }
  await rename(temporary, path);
  return true;
}

/** Makes a folder for links, outside the keys of the lake. The caller removes it. */
export async function scratchFolder(root: string): Promise<string> {
  const folder = join(resolve(root), WRITING, randomUUID());
  await mkdir(folder, { recursive: true });
  return folder;
}

/** Removes what processes that died while writing left behind. */
export async function removeAbandonedWrites(root: string, nowMs: number): Promise<void> {
  const folder = join(resolve(root), WRITING);
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const path = join(folder, name);
    const writtenMs = (await stat(path).catch(() => undefined))?.mtimeMs ?? nowMs;
    if (nowMs - writtenMs > ABANDONED_AFTER_MS) await rm(path, { force: true, recursive: true });
  }
}

async function walk(path: string, prefix: string, found: StoredObject[]): Promise<void> {
  let entries: Dirent[];
  try {
    entries = await readdir(path, { withFileTypes: true });
  } catch (error) {
    if (isAbsent(error)) return;
    throw error;
  }
  for (const entry of entries) {
    if (entry.name.startsWith('.') || entry.isSymbolicLink()) continue;
    const child = join(path, entry.name);
    if (entry.isDirectory()) await walk(child, `${prefix}${entry.name}/`, found);
    else {
      const stats = await stat(child, { bigint: true });
      found.push({ key: prefix + entry.name, sizeBytes: Number(stats.size), tag: tagOf(stats) });
    }
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left on the device',
  EDQUOT: 'the quota is used up',
  EFBIG: 'the file would be larger than the limit',
  EROFS: 'the device is read-only',
};

/** Returns an error with the key, the folder and the reason. It keeps the code of the system's error. */
function cannotWrite(key: string, folder: string, error: NodeJS.ErrnoException): Error {
  const { code = '' } = error;
  const reason = REASONS[code] ?? error.message;
  return Object.assign(new Error(`${key} cannot be written to ${folder}: ${reason}`, { cause: error }), { code });
}

/** S3 lists keys in the order of their UTF-8 bytes; so does the folder. */
function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
