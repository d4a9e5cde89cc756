import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const VENV = fileURLToPath(new URL('../.cache/bench-venv/bin/python', import.meta.url));

/** The Python with the peers: CANDLELAKE_BENCH_PYTHON, the one that scripts/bench-venv.sh makes, or python3. */
export function benchPython(): string {
  return process.env['CANDLELAKE_BENCH_PYTHON'] || (existsSync(VENV) ? VENV : 'python3');
}
