import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { link, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { BadInput } from '../domain/errors.ts';

/**
 * Writes a file as a whole or not at all: into a temporary file beside it, which then takes its name. The temporary
 * file is removed if writing fails or if the process ends early.
 * @param replace true if a file of this name may be replaced
 * @returns bytes written
 * @throws BadInput if the file exists and may not be replaced
 */
export async function writeWholeFile(
  path: string,
  parts: AsyncIterable<Uint8Array>,
  replace: boolean,
): Promise<number> {
  const target = resolve(path);
  const temporary = join(dirname(target), `.${basename(target)}.${randomUUID()}.writing`);
  const remove = () => rmSync(temporary, { force: true });
  const stop = () => process.exit(143);
  process.once('exit', remove);
  process.once('SIGTERM', stop);
  try {
    const sizeBytes = await writeParts(temporary, parts);
    if (replace) await rename(temporary, target);
    else await giveName(temporary, target, path);
    return sizeBytes;
  } finally {
    await rm(temporary, { force: true });
    process.off('exit', remove);
    process.off('SIGTERM', stop);
  }
}

async function writeParts(temporary: string, parts: AsyncIterable<Uint8Array>): Promise<number> {
  const file = await open(temporary, 'wx');
  let sizeBytes = 0;
  try {
    for await (const part of parts) {
      await file.writeFile(part);
      sizeBytes += part.length;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return sizeBytes;
}

/**
 * A link refuses a name that is taken, also one taken since the command began. File systems without links get a rename.
 */
async function giveName(temporary: string, target: string, path: string): Promise<void> {
  try {
    await link(temporary, target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw exists(path);
    await rename(temporary, target);
  }
}

export function exists(path: string): BadInput {
  return new BadInput(`out must be a new file, got '${path}', which exists: --force replaces it`);
}
