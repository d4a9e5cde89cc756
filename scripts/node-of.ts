import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NODES = fileURLToPath(new URL('../.cache/nodes', import.meta.url));

/** Returns the path of a Node, which npm installs at the first time, or undefined if it cannot. */
export function nodeOf(version: string): string | undefined {
  const folder = join(NODES, version);
  const node = join(folder, 'node_modules/node/bin/node');
  if (!existsSync(node)) {
    mkdirSync(folder, { recursive: true });
    const install = ['install', '--prefix', folder, '--prefer-offline', '--no-audit', '--no-fund', `node@${version}`];
    spawnSync('npm', install, { cwd: folder, stdio: 'ignore' });
  }
  return spawnSync(node, ['--version']).status === 0 ? node : undefined;
}
