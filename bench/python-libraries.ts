import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Candles } from '../lib/domain/candles.ts';
import { benchPython } from './bench-python.ts';

const SCRIPT = fileURLToPath(new URL('./peer-libraries.py', import.meta.url));

/** Names of the libraries in the script, and in the tables. */
export const PYTHON_LIBRARIES = {
  'talib-c': 'TA-Lib, C, outputs reused',
  talib: 'TA-Lib, Python wheel',
  'polars-talib': 'polars-talib',
  'pandas-ta': 'pandas-ta-classic',
  vectorbt: 'vectorbt',
} as const;
export type PythonLibrary = keyof typeof PYTHON_LIBRARIES;

/** Times in ms by indicator, or the reason if there are no times. */
export interface LibraryTimes {
  readonly version: string;
  readonly times: Readonly<Record<string, readonly number[]>>;
  readonly failed: Readonly<Record<string, string>>;
}

/** Measures one Python library on one thread over these candles. */
export function timePythonLibrary(library: PythonLibrary, candles: Candles): LibraryTimes {
  const folder = mkdtempSync(join(tmpdir(), 'candlelake-bench-'));
  try {
    const path = join(folder, 'candles.f64');
    const { open, high, low, close, volume } = candles;
    const bytes = [open, high, low, close, volume].map((x) => Buffer.from(x.buffer, x.byteOffset, x.byteLength));
    writeFileSync(path, Buffer.concat(bytes));
    const one = '1';
    const env = {
      ...process.env,
      OMP_NUM_THREADS: one,
      OPENBLAS_NUM_THREADS: one,
      POLARS_MAX_THREADS: one,
      NUMBA_NUM_THREADS: one,
    };
    const answer = execFileSync(benchPython(), [SCRIPT, library, path, '7', '1'], {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 180_000,
    });
    return JSON.parse(answer) as LibraryTimes;
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim().split('\n').at(-1) ?? (error as Error).message;
    return { version: '', times: {}, failed: { all: said } };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
