import { relative, sep } from 'node:path';
import { PACKAGE_ROOT } from '../adapters/local/installation.ts';

/**
 * Returns how a user types this command, for hints that can be pasted: `npx candlelake` if npx fetched the package,
 * `npx lake` inside a clone or a project that depends on the package, and otherwise `lake`, which is on the PATH.
 * @param root folder of the package
 * @param cwd the folder that the user is in
 */
export function commandName(root = PACKAGE_ROOT, cwd = process.cwd()): string {
  const folders = root.split(sep);
  if (folders.includes('_npx')) return 'npx candlelake';
  const [project] = root.split(`${sep}node_modules${sep}`);
  return isInside(cwd, project!) ? 'npx lake' : 'lake';
}

function isInside(path: string, folder: string): boolean {
  const [first] = relative(folder, path).split(sep);
  return first !== '..';
}
