import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Benchmark, CaseResult } from './benchmark.ts';
import { printTable } from './print-table.ts';
import { timesText } from './repeat.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FIRST_STARTS = 3;
const TIMES = 10;

const BUNDLE = [process.execPath, 'bin/lake.mjs'];
const SOURCES = [process.execPath, '--import', 'tsx', 'bin/lake.ts'];
/** As on a machine without a network, but without the wait for Binance. */
const SIMULATED = ['--source', 'simulated'];
const NPM_START = ['npm', 'start', '--', ...SIMULATED];
const RUN = ['run', '--show', ...SIMULATED];
const QUERY = ['query', 'SELECT count(*), max(close) FROM dataset'];

/** The start of Node itself, with which each command is compared. */
const BARE = 'node -e 0';

/** The measured commands, in a lake that the first start has made, with their aims in ms. */
const COMMANDS: readonly { readonly name: string; readonly aimMs?: number; readonly command: readonly string[] }[] = [
  { name: BARE, command: [process.execPath, '-e', '0'] },
  { name: 'npm start, again', aimMs: 1_200, command: NPM_START },
  { name: 'lake run --show, nothing new', command: [...BUNDLE, ...RUN] },
  { name: 'lake --version', aimMs: 300, command: [...BUNDLE, '--version'] },
  { name: 'lake --help', aimMs: 300, command: [...BUNDLE, '--help'] },
  { name: 'lake query', aimMs: 600, command: [...BUNDLE, ...QUERY] },
  { name: 'from the sources: lake run --show', command: [...SOURCES, ...RUN] },
  { name: 'from the sources: lake --version', command: [...SOURCES, '--version'] },
  { name: 'from the sources: lake query', command: [...SOURCES, ...QUERY] },
];

/** `npm start` as a newcomer types it, and the commands that follow it, each a process of its own. */
export const start: Benchmark = {
  about: '`npm start` in a new lake with the simulated exchange, and what follows it; 1 year of 15m',
  cases: { offline: measureStart },
  async report(measure) {
    const { parts } = await measure('offline');
    const rows = [{ name: 'npm start, first', aimMs: 15_000 }, ...COMMANDS].map(({ name, aimMs }) => {
      const times = parts![name]!;
      const median = medianOf(times);
      const aim = aimMs === undefined ? ['–', '–'] : [`< ${aimMs / 1000} s`, (median / aimMs).toFixed(2)];
      const ofBare = (median / medianOf(parts![BARE]!)).toFixed(1);
      return [name, timesText(times), (median / 1000).toFixed(2), ofBare, ...aim];
    });
    printTable(['command', 'ms: min  mean±sd', 'median, s', `÷ ${BARE}`, 'aim', 'time ÷ aim'], rows);
  },
};

function medianOf(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[times.length >> 1]!;
}

async function measureStart(): Promise<CaseResult> {
  // The bundle has to be that of the sources, or the sources would be measured twice.
  await timeOf(['npm', 'run', 'build'], '');
  const folder = await mkdtemp(join(tmpdir(), 'candlelake-bench-'));
  try {
    const first: number[] = [];
    for (let i = 0; i < FIRST_STARTS; i++) first.push(await timeOf(NPM_START, join(folder, `lake-${i}`)));
    const parts: Record<string, number[]> = { 'npm start, first': first };
    // Commands take turns, so that other work on the machine disturbs all of them alike.
    for (let i = 0; i < TIMES; i++) {
      for (const { name, command } of COMMANDS) {
        parts[name] ??= [];
        parts[name].push(await timeOf(command, join(folder, 'lake-0')));
      }
    }
    return { candles: 0, times: first, parts };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Wall time of one process. */
function timeOf([command, ...args]: readonly string[], lake: string): Promise<number> {
  const env = { ...process.env, CANDLELAKE_LAKE: lake, CANDLELAKE_NOW: '2025-01-15T12:00Z' };
  const startMs = performance.now();
  const child = spawn(command!, args, { cwd: ROOT, env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text: Buffer) => {
    said += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(performance.now() - startMs);
      else reject(new Error(`${command} ${args.join(' ')} ended with ${code}: ${said.slice(-400)}`));
    });
  });
}
