import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { candlesInDays } from '../lib/domain/interval.ts';
import { benchPython } from './bench-python.ts';
import type { Measured } from './benchmark.ts';
import { archiveZips, type Input } from './corpus.ts';
import type { Repetitions } from './repeat.ts';

/** Two pipelines: one by hand in pandas alone, and the original system's, whose indicators come from pandas-ta. */
const SCRIPTS = { pandas: 'peer-pandas.py', 'pandas + pandas-ta': 'peer-original.py' } as const;
export type PandasPeer = keyof typeof SCRIPTS;

/** Measures a pandas pipeline, in the Python of the benchmarks; a note says where it cannot. */
export async function pandasPeer(
  peer: PandasPeer,
  input: Input,
  { warmUps, repetitions }: Repetitions,
): Promise<Measured> {
  const script = fileURLToPath(new URL(`./${SCRIPTS[peer]}`, import.meta.url));
  const python = benchPython();
  const skipped = (why: string): Measured => ({ candles: 0, times: [], peakMiB: Number.NaN, note: why });
  try {
    execFileSync(python, ['-c', 'import pandas, pyarrow'], { stdio: 'ignore' });
  } catch {
    return skipped(`pandas skipped: ${python} cannot import pandas and pyarrow (set CANDLELAKE_BENCH_PYTHON)`);
  }
  const folder = mkdtempSync(join(tmpdir(), 'candlelake-bench-'));
  try {
    const paths = (await archiveZips(input)).map((zip) => zip.path);
    const numbers = [warmUps, repetitions, candlesInDays(input.interval, 1)].map(String);
    const line = execFileSync(python, [script, ...numbers, folder, ...paths], { encoding: 'utf8' });
    return JSON.parse(line) as Measured;
  } catch (error) {
    return skipped(`${peer} skipped: ${(error as Error).message.split('\n')[0]}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
