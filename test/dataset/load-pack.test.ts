import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { folderObjectStore } from '../../lib/adapters/local/folder-object-store.ts';
import { dataset } from '../../lib/dataset/dataset.ts';
import { encodeParquet } from '../../lib/refine/parquet.ts';
import { temporaryFolder } from '../end-to-end/temporary-folder.ts';
import { sampleCandles } from '../features/sample-candles.ts';
import { publishCandles } from './lake-of-candles.ts';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const NEEDED = ['pandas', 'pyarrow', 'polars', 'duckdb'];

/** A Python that has the packages: the project's own environment, or the machine's. */
function findPython(): string | undefined {
  const candidates = [join(ROOT, '.cache/venv-examples/bin/python'), 'python3'].filter(
    (path) => path === 'python3' || existsSync(path),
  );
  const find = `import importlib.util as u, sys; sys.exit(not all(u.find_spec(m) for m in ${JSON.stringify(NEEDED)}))`;
  return candidates.find((python) => spawnSync(python, ['-c', find]).status === 0);
}

const python = findPython();
const withPython = python === undefined ? test.skip : test;
const why =
  python === undefined ? ` (skipped: scripts/examples-venv.sh makes a python3 with ${NEEDED.join(', ')})` : '';

withPython(
  `examples/load_pack.py loads a pack in pandas, polars and DuckDB${why}`,
  async () => {
    const lake = temporaryFolder();
    const out = temporaryFolder();
    for (const [i, symbol] of ['ADAUSDT', 'BTCUSDT'].entries()) {
      const series = { market: 'um', symbol, interval: '1h' } as const;
      await publishCandles(lake, series, sampleCandles('1h', 2000, 'ordinary', i + 1));
    }
    const manifest = await dataset(
      { symbols: ['ADAUSDT', 'BTCUSDT'], interval: '1h', from: '2023-11-01', to: '2025-01-01' },
      { store: folderObjectStore(lake), out: folderObjectStore(out), codeHash: 'code', encodeTable: encodeParquet },
    );
    const ended = spawnSync(python!, [join(ROOT, 'examples/load_pack.py'), out], { encoding: 'utf8' });
    expect(ended).toMatchObject({ status: 0, stderr: '' });
    const lines = ended.stdout.trim().split('\n');
    const { features, folds, rows } = manifest;
    const columns = 6 + features.length + 4 + folds.length;
    expect(lines.slice(0, 4)).toEqual([
      `pandas ${rows} ${columns}`,
      `polars ${rows} ${columns}`,
      `duckdb ${rows} ${columns}`,
      `wf_1 train ${folds[0]!.train} ${features.length} test ${folds[0]!.test} ${features.length}`,
    ]);
    // pandas agrees that the statistics are those of the training rows, as far as float32 goes.
    expect(Number(lines[4]!.split(' ').at(-1))).toBeLessThan(1e-5);
    expect(JSON.parse(lines[6]!.replace('to beat ', ''))).toEqual(folds[0]!.baselines);
  },
  60_000,
);
