import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { landedLake } from './bench-lake.ts';
import type { Benchmark } from './benchmark.ts';
import { type Contestant, contest } from './contest.ts';
import { PANDAS_TA, POLARS_ONE, pythonPipelines } from './contestants.ts';
import { INPUTS } from './corpus.ts';
import { benchNodes } from './nodes.ts';
import { printScores } from './score-table.ts';
import { withFolder } from './with-folder.ts';

const MONTH = INPUTS['1 month of 1m'];
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const BUNDLE = join(ROOT, '.cache/bench/cold-month.mjs');

/** The first month of a new process: what a small Lambda or a first run pays. */
export const cold: Benchmark = {
  about: 'one month of 1m by a process that has just started: start, loading and compilation included; bundled',
  cases: {},
  async report() {
    await bundle();
    await withFolder(async (folder) => {
      const lakes = await Promise.all(benchNodes().map(async (node) => ({ node, lake: await landedLake(MONTH) })));
      const own = lakes.map(({ node, lake }): Contestant => {
        const command = [node.path, BUNDLE, lake.folder];
        return { name: `candlelake, ${node.name}`, command };
      });
      const peers = await pythonPipelines(MONTH, folder);
      const compared = peers.filter(({ name }) => name === POLARS_ONE || name === PANDAS_TA);
      try {
        printScores('cold first month', await contest([...own, ...compared], { warmUps: 1, rounds: 5, cold: true }));
      } finally {
        for (const { lake } of lakes) await lake.remove();
      }
    });
  },
};

/** Bundles the program as `npm run build` bundles the command. */
async function bundle(): Promise<void> {
  const { build } = await import('esbuild');
  await build({
    absWorkingDir: ROOT,
    entryPoints: [join(dirname(fileURLToPath(import.meta.url)), 'cold-month.ts')],
    outfile: BUNDLE,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    external: ['@duckdb/node-api', 'parquet-wasm', 'piscina'],
    minifyWhitespace: true,
    minifySyntax: true,
    banner: {
      js: `import { createRequire as createRequireOfBundle } from 'node:module';
const require = createRequireOfBundle(import.meta.url);`,
    },
  });
}
