import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CodeHashes } from '../../ports.ts';

/** Root folder of this package: of the clone, or of the installed package. */
export const PACKAGE_ROOT = packageAbove(fileURLToPath(import.meta.url));

/** True if this code runs from its sources, false if it runs from the bundle in dist/. */
export const RUNS_FROM_SOURCES = import.meta.url.endsWith('.ts');

/** Facts about the sources of a bundle that the bundle itself cannot determine. */
interface BuiltFrom {
  /** The commit of the sources, if git had it. */
  readonly commit?: string;
  /** The code hashes of the sources. */
  readonly codeHashes: CodeHashes;
}

/** Returns what the build recorded beside the bundle, or undefined if the code runs from its sources. */
export function builtFrom(): BuiltFrom | undefined {
  if (RUNS_FROM_SOURCES) return undefined;
  return JSON.parse(readFileSync(join(PACKAGE_ROOT, 'dist/built-from.json'), 'utf8')) as BuiltFrom;
}

/** Returns the nearest folder above a file that has a package.json. Neither lib/ nor dist/ has one. */
function packageAbove(file: string): string {
  const folder = dirname(file);
  return existsSync(join(folder, 'package.json')) ? folder : packageAbove(folder);
}
