import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { candlesInDays } from '../lib/domain/interval.ts';
import { benchPython } from './bench-python.ts';
import type { Contestant } from './contest.ts';
import { archiveZips, INPUTS, type Input, type InputName } from './corpus.ts';
import { benchNodes } from './nodes.ts';
import { walkCandles, YEAR_OF_1M } from './walk-candles.ts';

const path = (name: string) => fileURLToPath(new URL(`./${name}`, import.meta.url));
const onThreads = (threads: number) => {
  const names = ['OMP', 'OPENBLAS', 'NUMBA', 'POLARS_MAX'];
  return Object.fromEntries(
    names.map((name) => [name === 'POLARS_MAX' ? `${name}_THREADS` : `${name}_NUM_THREADS`, `${threads}`]),
  );
};

/** Our task on each Node, the newest first. */
export function ours(task: string, ...args: string[]): Contestant[] {
  return benchNodes().map((node) => ({
    name: `candlelake, ${node.name}`,
    command: [node.path, '--expose-gc', '--import', 'tsx', path('serve.ts'), task, ...args],
  }));
}

/** A peer that runs in Node. */
export function nodePeer(name: string, task: string, ...args: string[]): Contestant {
  const command = [process.execPath, '--expose-gc', '--import', 'tsx', path('serve.ts'), task, ...args];
  return { name, command };
}

export function pythonPeer(name: string, script: string, args: readonly string[], threads = 1): Contestant {
  const env = { ...onThreads(threads), PYTHONDONTWRITEBYTECODE: '1' };
  return { name, command: [benchPython(), path(script), ...args], env };
}

const POLARS = 'polars + polars-talib';
export const POLARS_ONE = `${POLARS}, 1 thread`;
export const POLARS_TWO = `${POLARS}, 2 threads`;
export const PANDAS_TA = 'pandas + pandas-ta';
export const DUCKDB = 'DuckDB, 2 threads';

/** The folder below `folder` that a peer writes its tables to. */
export function tablesOf(peer: string, folder: string): string {
  const out = join(folder, peer.replaceAll(/[^a-z0-9]+/gi, '-'));
  mkdirSync(out, { recursive: true });
  return out;
}

/** The pipelines in Python over an input. */
export async function pythonPipelines(input: Input, folder: string): Promise<Contestant[]> {
  const zips = (await archiveZips(input)).map((zip) => zip.path);
  const peer = (name: string, script: string, threads: number) =>
    pythonPeer(name, script, [`${candlesInDays(input.interval, 1)}`, tablesOf(name, folder), ...zips], threads);
  return [
    peer(POLARS_ONE, 'peer-polars.py', 1),
    peer(POLARS_TWO, 'peer-polars.py', 2),
    peer(PANDAS_TA, 'peer-original.py', 1),
    peer('pandas alone', 'peer-pandas.py', 1),
  ];
}

/** All pipelines over an input: ours and those of the peers. */
export async function pipelines(name: InputName, folder: string): Promise<Contestant[]> {
  return [
    ...ours('refine', name),
    ...ours('refine-on-two-threads', name).map((own) => ({ ...own, name: `${own.name}, 2 threads` })),
    ...(await pythonPipelines(INPUTS[name], folder)),
    nodePeer(DUCKDB, 'duckdb', name, tablesOf(DUCKDB, folder)),
    nodePeer('technicalindicators', 'technicalindicators', name),
  ];
}

/** Libraries of indicators in Python: their names in the script, and in the tables. */
const PYTHON_LIBRARIES = {
  'talib-c': 'TA-Lib in C, outputs reused',
  talib: 'TA-Lib, Python wheel',
  'polars-talib': 'polars-talib',
  'pandas-ta': 'pandas-ta-classic',
  vectorbt: 'vectorbt',
} as const;

/** A round of these takes seconds, so they take part in two. */
const SLOW_LIBRARIES: ReadonlySet<string> = new Set(['pandas-ta']);

/** Ours and the peers over the shared indicators, all on one thread. */
export function indicatorLibraries(folder: string): Contestant[] {
  const file = join(folder, 'candles.f64');
  const { open, high, low, close, volume } = walkCandles(YEAR_OF_1M);
  const bytes = [open, high, low, close, volume].map((x) => Buffer.from(x.buffer, x.byteOffset, x.byteLength));
  writeFileSync(file, Buffer.concat(bytes));
  return [
    ...ours('shared'),
    ...Object.entries(PYTHON_LIBRARIES).map(([library, name]) =>
      SLOW_LIBRARIES.has(library)
        ? { ...pythonPeer(name, 'peer-libraries.py', [library, file]), rounds: 2 }
        : pythonPeer(name, 'peer-libraries.py', [library, file]),
    ),
    { ...nodePeer('technicalindicators', 'shared-technicalindicators'), rounds: 2 },
  ];
}
