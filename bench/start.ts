import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Benchmark, CaseResult } from './benchmark.ts';
import { printTable } from './print-table.ts';
import { timesText } from './repeat.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const TIMES = 3;

/** `npm start` as a newcomer types it, then again. */
export const start: Benchmark = {
  about: '`npm start` in a new lake with the simulated exchange, then again with nothing new; 1 year of 15m',
  cases: { offline: measureStart },
  async report(measure) {
    const { parts } = await measure('offline');
    const row = (what: string, times: readonly number[], aimMs: number) => {
      const median = [...times].sort((a, b) => a - b)[times.length >> 1]!;
      return [what, timesText(times), (median / 1000).toFixed(2), `< ${aimMs / 1000} s`, (median / aimMs).toFixed(2)];
    };
    printTable(
      ['npm start', 'ms: min  mean±sd', 'median, s', 'aim', 'time ÷ aim'],
      [row('first', parts!['first']!, 15_000), row('second', parts!['second']!, 4_000)],
    );
  },
};

async function measureStart(): Promise<CaseResult> {
  const first: number[] = [];
  const second: number[] = [];
  for (let i = 0; i < TIMES; i++) {
    const folder = await mkdtemp(join(tmpdir(), 'candlelake-bench-'));
    try {
      first.push(await timeStart(join(folder, 'lake')));
      second.push(await timeStart(join(folder, 'lake')));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  return { candles: 0, times: first, parts: { first, second } };
}

/** Wall time of one `npm start` with simulated candles, as on a machine without a network, without the wait for Binance. */
function timeStart(lake: string): Promise<number> {
  const env = { ...process.env, CANDLELAKE_LAKE: lake, CANDLELAKE_NOW: '2025-01-15T12:00Z' };
  const startMs = performance.now();
  const child = spawn('npm', ['start', '--', '--source', 'simulated'], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
    shell: true,
  });
  let said = '';
  child.stderr.on('data', (text: Buffer) => {
    said += text;
  });
  return new Promise((resolve, reject) => {
    child.on('close', (code) => {
      if (code === 0) resolve(performance.now() - startMs);
      else reject(new Error(`npm start ended with ${code}: ${said.slice(-400)}`));
    });
  });
}
