import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Installation {
  /** The packed file. */
  readonly tarball: string;
  /** Paths in the packed file. */
  readonly files: readonly string[];
  /** The folder of the installed package. */
  readonly folder: string;
  /** The folder of the installed commands. */
  readonly bin: string;
  /** The kind of installation, for the names of tests. */
  readonly how: string;
}

/** Errors of npm if no registry answers. */
const NO_REGISTRY = /ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ETIMEDOUT|ECONNRESET|ENOTCACHED/;

/**
 * Packs this repository and installs the file into a folder, as `npm i -g` does. If no registry answers, the file is
 * unpacked beside a link to this repository's packages.
 */
export function installPackage(into: string): Installation {
  const [packed] = JSON.parse(npm(['pack', '--json', '--pack-destination', into]).stdout) as [
    { filename: string; files: { path: string }[] },
  ];
  const tarball = join(into, packed.filename);
  const files = packed.files.map(({ path }) => path);
  const prefix = join(into, 'prefix');
  const folder = join(prefix, 'lib/node_modules/candlelake');
  const bin = join(prefix, 'bin');
  const install = ['install', '--global', '--prefix', prefix, '--prefer-offline', '--no-audit', '--no-fund', tarball];
  const { status, stderr } = npm(install, NO_REGISTRY);
  if (status === 0) return { tarball, files, folder, bin, how: 'installed by npm' };

  mkdirSync(folder, { recursive: true });
  mkdirSync(bin, { recursive: true });
  run('tar', ['-xzf', tarball, '--strip-components', '1', '-C', folder]);
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  for (const name of ['lake', 'candlelake'])
    symlinkSync('../lib/node_modules/candlelake/bin/lake.mjs', join(bin, name));
  const [reason] = NO_REGISTRY.exec(stderr)!;
  return { tarball, files, folder, bin, how: `unpacked, not installed: the registry answers ${reason}` };
}

function npm(args: readonly string[], tolerated?: RegExp): { status: number | null; stdout: string; stderr: string } {
  return run('npm', args, tolerated);
}

function run(command: string, args: readonly string[], tolerated?: RegExp) {
  const ended = spawnSync(command, args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (ended.status !== 0 && !tolerated?.test(ended.stderr)) {
    throw new Error(`${command} ${args.join(' ')} ended with ${ended.status}: ${ended.stderr}`);
  }
  return ended;
}
