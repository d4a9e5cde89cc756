// @ts-check
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * The rungs of the ladder of tests, the fastest first, with the folders and files of each below test/. The longest
 * path that a test file begins with decides. `npm run test:unit` runs one rung, `npm test` all of them.
 *
 * - unit: one part of the code at a time. No whole runs, no processes, no servers but the simulated exchange.
 * - lake: stages, whole runs, commands, the deployed app, the package, documents.
 * - faults: damage, kills, forged data, hostile input, long schedules.
 * @type {Readonly<Record<'unit' | 'lake' | 'faults', readonly string[]>>}
 */
export const RUNGS = {
  unit: [
    'adapters',
    'architecture/rungs.test.ts',
    'dataset/baselines.test.ts',
    'dataset/folds.test.ts',
    'dataset/hold-out.test.ts',
    'dataset/pack-weights.test.ts',
    'dataset/scaling.test.ts',
    'domain',
    'exchange',
    'features',
    'labels',
    'lake/catalogue',
    'lake/fetch',
    'lake/memory-store.test.ts',
    'lake/landing',
    'lake/plan',
    'lake/refine/checkpoint.test.ts',
    'lake/refine/contract.test.ts',
    'lake/refine/decode-csv.test.ts',
    'lake/refine/decode-rest.test.ts',
    'lake/refine/decode-shard.test.ts',
    'lake/refine/ledger-faults.test.ts',
    'lake/refine/ledger.test.ts',
    'lake/refine/merge.test.ts',
    'lake/refine/unzip.test.ts',
    'package.test.ts',
    'parquet',
    'query',
    'trust.test.ts',
    'workflow',
  ],
  lake: [
    'adapters/aws/aws-adapters.test.ts',
    'adapters/aws/telemetry.test.ts',
    'app',
    'architecture',
    'bench',
    'cli',
    'dataset',
    'documents',
    'end-to-end',
    'exchange/serve.test.ts',
    'features/laws.test.ts',
    'infra',
    'lake',
    'npm-audit.test.ts',
    'package',
    'scale',
    'workflow/redrive.test.ts',
  ],
  faults: [
    'chaos',
    'end-to-end/cases-from-the-wild.test.ts',
    'end-to-end/disk-full.test.ts',
    'end-to-end/failed-files.test.ts',
    'fuzz',
    'lake/audit',
    'lake/refine/any-order.test.ts',
    'lake/refine/failing-store.test.ts',
    'lake/refine/replace-shard.test.ts',
    'lake/refine/two-runs-at-once.test.ts',
    'lake/versions/kill-sweep.test.ts',
    'scale/scheduled-runs.test.ts',
    'scale/scheduled-streams.test.ts',
    'security',
  ],
};

/** @typedef {keyof typeof RUNGS} Rung */

const TEST = fileURLToPath(new URL('.', import.meta.url));

/** Returns every test file below test/, with slashes. */
export function testFiles() {
  return readdirSync(TEST, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.test.ts'))
    .sort();
}

/**
 * Returns the rung of a test file.
 * @param {string} file below test/
 * @returns {Rung}
 * @throws Error if the table has no folder of the file, or the same one twice
 */
export function rungOf(file) {
  const entries = /** @type {[Rung, readonly string[]][]} */ (Object.entries(RUNGS)).flatMap(([rung, paths]) =>
    paths.filter((path) => file === path || file.startsWith(`${path}/`)).map((path) => ({ rung, path })),
  );
  const longest = Math.max(...entries.map(({ path }) => path.length));
  const [entry, ...others] = entries.filter(({ path }) => path.length === longest);
  if (!entry) throw new Error(`test/${file} must be on a rung: add its folder to test/rungs.mjs`);
  if (others.length > 0) throw new Error(`test/${entry.path} must be on one rung, got two in test/rungs.mjs`);
  return entry.rung;
}
