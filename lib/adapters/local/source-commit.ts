import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { builtFrom, PACKAGE_ROOT } from './installation.ts';

/**
 * Returns the commit of the running code, and says so if the code has changed since. An installed package is in no
 * repository, or in one that is not its own: it has the commit that it was packed from.
 */
export function sourceCommit(): string | undefined {
  if (!existsSync(join(PACKAGE_ROOT, '.git'))) return builtFrom()?.commit;
  try {
    const git = (...args: string[]) =>
      execFileSync('git', ['-C', PACKAGE_ROOT, ...args], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim();
    const changed = git('status', '--porcelain', '--', 'lib', 'package.json');
    return `${git('rev-parse', 'HEAD')}${changed === '' ? '' : ' with changes that are not committed'}`;
  } catch {
    return undefined;
  }
}
