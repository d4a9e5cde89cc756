// @ts-check
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { freshBundle } from '../bin/fresh-bundle.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Builds the bundle of `lake` before the tests if the sources have changed: tests start it many times. */
export default function buildBundle() {
  if (freshBundle(ROOT) === undefined)
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: ROOT, stdio: 'inherit' });
}
