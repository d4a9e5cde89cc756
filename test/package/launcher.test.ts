import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../support/folder.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CLONED = ['bin', 'lib', 'scripts', 'docs/generated', 'package.json', 'package-lock.json', 'tsconfig.json'];

/** A clone of the sources, without packages. */
function sourcesOnly(): string {
  const folder = join(temporaryFolder(), 'a clone');
  for (const part of CLONED) cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  return folder;
}

/** A clone of the sources with the packages of this one. */
function clone(): string {
  const folder = sourcesOnly();
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** A clone after `npm ci --omit=dev`: it has links to the packages that are not only for development. */
function productionClone(): string {
  const folder = sourcesOnly();
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean }>;
  };
  for (const [path, { dev }] of Object.entries(packages)) {
    const isTop = path.lastIndexOf('node_modules/') === 0;
    if (!isTop || dev || !existsSync(join(ROOT, path))) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    symlinkSync(join(ROOT, path), join(folder, path));
  }
  return folder;
}

/** Runs the launcher of a clone from another folder. */
function lake(folder: string, ...args: string[]): { code: number | null; out: string; err: string } {
  const program = join(folder, 'bin/lake.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd: temporaryFolder(),
    encoding: 'utf8',
  });
  return { code: status, out: stdout, err: stderr };
}

const build = (folder: string) =>
  execFileSync(process.execPath, ['--import', 'tsx', 'scripts/build.ts'], { cwd: folder, stdio: 'pipe' });

/** Files that an entry of dist/ loads before it does anything. */
function loadedAtStart(dist: string, file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const text = readFileSync(join(dist, file), 'utf8');
  for (const [, next] of text.matchAll(/(?:^|[;}\n])(?:import|export)\s*(?:[\w$*{}, ]+from)?\s*"\.\/([^"]+)"/g)) {
    loadedAtStart(dist, next!, seen);
  }
  return seen;
}

describe('bin/lake.mjs, called from another folder,', () => {
  const folder = clone();
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };

  test('runs the sources if there is no bundle', () => {
    expect(lake(folder, '--version')).toEqual({ code: 0, out: `${version}\n`, err: '' });
    expect(lake(folder, 'run', '--interval', '7m').code).toBe(2);
  });

  test('runs a bundle that was made from the sources, which needs no package to say its version', () => {
    build(folder);
    renameSync(join(folder, 'node_modules'), join(folder, 'away'));
    // The lock file of what is installed is one of the sources, so it is the one thing that has to stay.
    mkdirSync(join(folder, 'node_modules'));
    cpSync(join(folder, 'away/.package-lock.json'), join(folder, 'node_modules/.package-lock.json'));
    expect(lake(folder, '--version')).toEqual({ code: 0, out: `${version}\n`, err: '' });
    rmSync(join(folder, 'node_modules'), { recursive: true });
    renameSync(join(folder, 'away'), join(folder, 'node_modules'));
  });

  test('never runs a stale bundle: a change of the sources shows at once', () => {
    const path = join(folder, 'lib/cli/lake-program.ts');
    writeFileSync(path, readFileSync(path, 'utf8').replace('A data lake of Binance candles', 'A changed lake'));
    expect(lake(folder, '--help').out).toMatch(/^A changed lake/m);
    build(folder);
    expect(lake(folder, '--help').out).toMatch(/^A changed lake/m);
  });

  test('stays there while the same sources are built again, so that a running command finds its files', () => {
    const identity = () => {
      const { ino, birthtimeMs } = statSync(join(folder, 'dist'));
      return { ino, birthtimeMs, files: readdirSync(join(folder, 'dist')).sort() };
    };
    const before = identity();
    writeFileSync(join(folder, 'dist/stray.js'), '');
    build(folder);
    expect(identity()).toEqual(before);
  });

  test('loads little to print the version or help: no package but commander', () => {
    const dist = join(folder, 'dist');
    const files = [...loadedAtStart(dist, 'lake.js')];
    const bytes = files.reduce((sum, file) => sum + statSync(join(dist, file)).size, 0);
    const all = readdirSync(dist).reduce((sum, file) => sum + statSync(join(dist, file)).size, 0);
    expect(files.length).toBeGreaterThan(1);
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThan(100_000);
    expect(all).toBeGreaterThan(20 * bytes);
  });
});

test('without the development packages the bundle is built, and the sources run', () => {
  const folder = productionClone();
  expect(existsSync(join(folder, 'node_modules/typescript'))).toBe(false);
  const run = ['run', '--source', 'simulated', '--period', '3d'];
  expect(lake(folder, ...run)).toMatchObject({ code: 0 });
  build(folder);
  expect(lake(folder, ...run)).toMatchObject({ code: 0 });
});
