import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { RUNS_FROM_SOURCES } from '../adapters/local/installation.ts';

/** Returns the module of a thread. From the sources, threads read TypeScript through tsx. The bundle needs no tsx. */
export function workerModule(name: 'refine-worker' | 'compute-worker'): { filename: string; execArgv?: string[] } {
  if (!RUNS_FROM_SOURCES) return { filename: new URL(`./${name}.js`, import.meta.url).href };
  const tsx = createRequire(import.meta.url).resolve('tsx');
  return {
    filename: new URL(`./${name}.ts`, import.meta.url).href,
    execArgv: ['--import', pathToFileURL(tsx).href],
  };
}
