import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256Of } from '../test/support/bytes.ts';
import { nodeOf } from './node-of.ts';

/**
 * `npm run nodes`: makes a small lake with this Node and with each other one that is promised, and compares every byte
 * of their tables. npm's package `node` brings the others into .cache/. If npm cannot bring one, a line says that it is
 * skipped.
 */
const ROOT = resolve(fileURLToPath(new URL('..', import.meta.url)));

/** The oldest Node that is promised, and the newest of each later line. */
const VERSIONS = ['20.19.0', '22', '24'];

/** Folders of a lake whose bytes depend on nothing but the candles and the code. */
const COMPARED = ['candles', 'features', 'labels', 'gaps', 'checkpoints', 'manifests'];

const RUN = ['run', '--source', 'simulated', '--symbols', 'BTCUSDT,ETHUSDT', '--interval', '1h', '--period', '6m'];
/** No sum of floats: it depends on the order in which DuckDB's threads add. */
const SQL = 'SELECT symbol, count(*), sum(trades), min(close), max(rsi_14) FROM dataset GROUP BY ALL ORDER BY ALL';
const QUERY = ['query', SQL, '--json'];

const own = lakeOf(process.execPath);
console.log(`node ${process.versions.node}: ${Object.keys(own.files).length} objects to compare with`);

for (const version of VERSIONS) {
  const node = nodeOf(version);
  if (node === undefined) {
    console.log(`node ${version}: skipped, npm could not bring it`);
    continue;
  }
  const { name, files, answer } = lakeOf(node);
  const paths = [...new Set([...Object.keys(own.files), ...Object.keys(files)])];
  const different = paths.filter((path) => files[path] !== own.files[path]);
  if (answer !== own.answer) different.push('the answer of a query');
  if (different.length > 0) {
    console.log(`node ${name}: different from node ${process.versions.node} in ${different.join(', ')}`);
    process.exitCode = 1;
  } else {
    console.log(`node ${name}: the same bytes in ${paths.length} objects, the same answer of a query`);
  }
}

/**
 * Makes a lake with the bundle, runs the sources over the same lake, which must find nothing to do, and asks SQL.
 * @throws Error if a process fails or the second run makes anything
 */
function lakeOf(node: string): { name: string; files: Record<string, string>; answer: string } {
  const lake = mkdtempSync(join(tmpdir(), 'candlelake-node-'));
  try {
    run(node, lake, ['bin/lake.mjs', ...RUN]);
    const again = run(node, lake, ['--import', 'tsx', 'bin/lake.ts', ...RUN]);
    if (!/computed +nothing new/.test(again)) throw new Error(`a second run must find nothing new, got ${again}`);
    const answer = run(node, lake, ['bin/lake.mjs', ...QUERY]);
    return { name: run(node, lake, ['--version']).trim().slice(1), files: digests(lake), answer };
  } finally {
    rmSync(lake, { recursive: true, force: true });
  }
}

function run(node: string, lake: string, args: readonly string[]): string {
  const env = { ...process.env, CANDLELAKE_LAKE: lake, CANDLELAKE_NOW: '2025-01-15T12:00Z' };
  const { status, stdout, stderr } = spawnSync(node, args, { cwd: ROOT, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${node} ${args.join(' ')} ended with ${status}: ${stderr}`);
  return stdout;
}

function digests(lake: string): Record<string, string> {
  const paths = COMPARED.flatMap((folder) =>
    readdirSync(join(lake, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  const digest = (path: string) => sha256Of(readFileSync(path));
  return Object.fromEntries(paths.sort().map((path) => [path.slice(lake.length + 1), digest(path)]));
}
