import type { BigIntStats } from 'node:fs';
import { link, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sha256 } from '../../domain/sha256.ts';

/** Error codes of disks without hard links (FAT, some network disks). */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];

/** Tag of a file. Every put makes a new file, and so another tag. */
export function tagOf({ ino, mtimeNs, size }: BigIntStats): string {
  return `${ino}-${mtimeNs}-${size}`;
}

/** Returns the tag of the file; undefined if the file is missing. */
export async function fileTag(path: string): Promise<string | undefined> {
  try {
    return tagOf(await stat(path, { bigint: true }));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Moves the staged file to `path` if no file is there. Returns false if there is one. A disk without hard links can
 * only look first: two processes that do so within the same millisecond can both move theirs.
 */
export async function createFile(staged: string, path: string): Promise<boolean> {
  try {
    await link(staged, path);
    await rm(staged);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    if (!NO_LINKS.includes(codeOf(error))) throw error;
    if ((await fileTag(path)) !== undefined) return false;
    await rename(staged, path);
    return true;
  }
}

/**
 * Moves the staged file to `path` if the file there has the tag. Returns false if it has another. No process waits for
 * another, and a process that is killed at any step blocks none:
 *
 * 1. The staged file is put into a folder of its own, beside an empty file.
 * 2. The folder is renamed to a name made of path and tag. Only one process can do that, because a folder with
 *    something in it is never replaced. So only one file can follow the file with this tag.
 * 3. The staged file is moved from there to `path`. This works once. If the process is killed before, the next one that
 *    wants to replace the same file does step 3 for it.
 *
 * The folder stays, so that a process that looked at the tag long ago fails at step 2. It is removed as abandoned
 * writes are.
 */
export async function replaceFile(staged: string, path: string, tag: string): Promise<boolean> {
  const own = `${staged}.turn`;
  const turn = join(dirname(staged), `after-${sha256(path, '\0', tag)}`);
  await mkdir(own);
  await (await open(join(own, 'taken'), 'wx')).close();
  await rename(staged, join(own, 'file'));
  const won = (await fileTag(path)) === tag && (await takeTurn(own, turn));
  if (!won) await rm(own, { recursive: true });
  await rename(join(turn, 'file'), path).catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error;
  });
  return won;
}

async function takeTurn(own: string, turn: string): Promise<boolean> {
  try {
    await rename(own, turn);
    return true;
  } catch (error) {
    // Systems have different errors for a folder that is there already.
    if (await stat(turn).catch(() => undefined)) return false;
    throw error;
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}
