import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pickCandles } from '../../lib/domain/candles.ts';
import { sampleCandles } from '../support/candles.ts';
import { temporaryFolder } from '../support/folder.ts';
import { publishCandles } from '../support/published-lake.ts';
import { makePackOf, msOf, type PackRow } from './make-pack.ts';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const NEEDED = ['pandas', 'pyarrow', 'polars', 'duckdb', 'sklearn', 'xgboost', 'nbclient', 'ipykernel'];

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

/** Candles without those of a day, so that the pack has a gap. */
function candlesWithGap(seed: number) {
  const candles = sampleCandles('1h', 1600, 'ordinary', seed);
  return pickCandles(
    candles,
    Uint32Array.from(candles.openTimeMs.keys()).filter((row) => row < 900 || row >= 924),
  );
}

const SYMBOLS = ['ADAUSDT', 'BTCUSDT'];
const REQUEST = { symbols: SYMBOLS, interval: '1h', from: '2023-11-01', to: '2025-01-01', folds: 3 };
let lake: string;
beforeAll(async () => {
  if (python === undefined) return;
  lake = temporaryFolder();
  for (const [i, symbol] of SYMBOLS.entries()) {
    await publishCandles(lake, { market: 'um', symbol, interval: '1h' }, candlesWithGap(i + 1));
  }
});

function runPython(args: readonly string[], variables: Record<string, string> = {}) {
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1', PYTHONPATH: join(ROOT, 'examples'), ...variables };
  return spawnSync(python!, args, { encoding: 'utf8', cwd: ROOT, env });
}

withPython(
  `examples/load_pack.py loads a pack in pandas, polars and DuckDB${why}`,
  async () => {
    const { manifest, out } = await makePackOf(lake, REQUEST);
    const ended = runPython(['examples/load_pack.py', out]);
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

withPython(
  `windows of the loader cross no gap, no symbol and no fold boundary, and none is missing${why}`,
  async () => {
    const { out, rows: unsorted } = await makePackOf(lake, { ...REQUEST, columns: ['rsi_14', 'hour_sin'] });
    const rows = [...unsorted].sort(
      (a, b) => String(a['symbol']).localeCompare(String(b['symbol'])) || msOf(a['open_time']) - msOf(b['open_time']),
    );
    const program = [
      'import json, sys',
      'from load_pack import *',
      'rows, manifest = load(sys.argv[1])',
      'found = {}',
      'for fold in [f["name"] for f in manifest["folds"]]:',
      '    for role in (TRAIN, TEST):',
      '        x, last = windows(rows, ["rsi_14"], 20, fold, role)',
      '        found[f"{fold} {role}"] = {"last": last.tolist(), "first": x[:, 0, 0].astype(float).tolist()}',
      'found["next_open"] = [None if v != v else v for v in next_open(rows).tolist()]',
      'print(json.dumps(found).replace("NaN", "null"))',
    ].join('\n');
    const ended = runPython(['-c', program, out]);
    expect(ended).toMatchObject({ status: 0, stderr: '' });
    const found = JSON.parse(ended.stdout) as Record<string, { last: number[]; first: (number | null)[] }>;
    const isNext = (row: PackRow, before: PackRow | undefined) =>
      before !== undefined &&
      row['symbol'] === before['symbol'] &&
      msOf(row['open_time']) === msOf(before['open_time']) + 3_600_000;
    let broken = 0;
    for (const [name, { last, first }] of Object.entries(found)) {
      if (name === 'next_open') continue;
      const [fold, role] = name.split(' ') as [string, string];
      const ends = [...rows.keys()].filter((end) => {
        if (end < 19) return false;
        const window = rows.slice(end - 19, end + 1);
        const isWhole = window.every((row, i) => i === 0 || isNext(row, window[i - 1]));
        const isOwn = window.every((row) => row[fold] === Number(role));
        if (isOwn && !isWhole) broken++;
        return isWhole && isOwn;
      });
      expect([name, last]).toEqual([name, ends]);
      expect([name, first]).toEqual([name, ends.map((end) => rows[end - 19]!['rsi_14'])]);
    }
    // The gap and the change of symbol break some windows.
    expect(broken).toBeGreaterThan(100);
    const nextOpen = found['next_open'] as unknown as (number | null)[];
    const expected = rows.map((row, i) => (rows[i + 1] && isNext(rows[i + 1]!, row) ? rows[i + 1]!['open'] : null));
    expect(nextOpen).toEqual(expected);
  },
  60_000,
);

withPython(
  `windows and next opens end with a symbol, even if the next one begins at that instant${why}`,
  () => {
    const program = `
import pandas as pd
from load_pack import TRAIN, next_open, windows
rows = pd.DataFrame({"symbol": list("AAABBB"), "open_time": range(6), "t0": range(1, 7), "open": range(10, 16)})
print(windows(rows.assign(fold=TRAIN), ["open"], 3, "fold", TRAIN)[1].tolist(), next_open(rows).fillna(-1).tolist())`;
    expect(runPython(['-c', program])).toMatchObject({
      status: 0,
      stderr: '',
      stdout: '[2, 5] [11.0, 12.0, -1.0, 14.0, 15.0, -1.0]\n',
    });
  },
  60_000,
);

withPython(
  `examples/train_model.py gives XGBoost the class numbers of a pack, and scores it beside the baselines${why}`,
  async () => {
    const columns = ['rsi_14', 'return_1', 'volatility_7d'];
    const more = { holdOut: '20%', withUnlabelled: true };
    const { manifest, out } = await makePackOf(lake, { ...REQUEST, label: 'tb_2_20', columns, ...more });
    expect(manifest.label.classes!.map(({ value }) => value)).toEqual([-1, 0, 1]);
    const ended = runPython(['examples/train_model.py', out]);
    expect(ended).toMatchObject({ status: 0, stderr: '' });
    expect(ended.stdout).toContain(`dataset ${manifest.id}\nclass 0: tb_2_20 = -1, `);
    const scored = [...manifest.folds.filter(({ kind }) => kind === 'walk_forward'), manifest.holdOut!];
    for (const { name, baselines } of scored) {
      const [, model, ...others] = ended.stdout
        .split('\n')
        .find((line) => line.startsWith(name))!
        .split(/\s+/)
        .map(Number);
      expect(others.slice(0, 3)).toEqual(Object.values(baselines).map(({ accuracy }) => expect.closeTo(accuracy!, 3)));
      expect(model).toBeGreaterThan(0.2);
      expect(model).toBeLessThan(1);
    }
    expect(ended.stdout).toMatch(
      /the model is (better|no better) than \w+, the best baseline: accuracy [+-]0\.\d{3} ±/,
    );
    // The last candle of the last symbol, with a probability for each class.
    const newest = ended.stdout.trim().split('\n').at(-1)!.trim().split(/\s+/);
    expect(newest[0]).toBe('BTCUSDT');
    const chances = newest.slice(-3).map(Number);
    expect(chances.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 2);
    const returns = await makePackOf(lake, { ...REQUEST, label: 'fwd_return_5', columns });
    expect(runPython(['examples/train_model.py', returns.out])).toMatchObject({
      status: 1,
      stderr: 'label must be a class such as signal, got fwd_return_5\n',
    });
  },
  120_000,
);

withPython(
  `the notebook runs from its first cell to its last on a pack, and is committed with its outputs${why}`,
  async () => {
    const path = join(ROOT, 'examples/train_model.ipynb');
    const cells = (JSON.parse(readFileSync(path, 'utf8')) as Notebook).cells.filter(
      ({ cell_type }) => cell_type === 'code',
    );
    expect(cells.length).toBeGreaterThan(3);
    for (const { outputs } of cells) expect([...new Set(outputs.map(({ name }) => name))]).toEqual(['stdout']);
    const { out, manifest } = await makePackOf(lake, {
      ...REQUEST,
      label: 'tb_2_20',
      columns: ['rsi_14', 'return_1'],
      holdOut: '20%',
    });
    const program = [
      'import json, nbclient, nbformat, sys',
      'notebook = nbformat.read(sys.argv[1], 4)',
      'where = {"metadata": {"path": "examples"}}',
      'nbclient.NotebookClient(notebook, timeout=100, resources=where).execute()',
      'code = [c for c in notebook.cells if c.cell_type == "code"]',
      'print(json.dumps(["".join(o.text for o in c.outputs if o.get("name") == "stdout") for c in code]))',
    ].join('\n');
    const ended = runPython(['-c', program, path], { PACK: out });
    expect({ status: ended.status, stderr: ended.status === 0 ? '' : ended.stderr }).toEqual({ status: 0, stderr: '' });
    const texts = JSON.parse(ended.stdout) as string[];
    expect(texts).toHaveLength(cells.length);
    expect(texts[0]).toContain(`${manifest.rows.toLocaleString('en-US')} rows, 2 features, label tb_2_20`);
    expect(texts.at(-2)).toMatch(/the model is (better|no better) than/);
  },
  120_000,
);

interface Notebook {
  readonly cells: readonly {
    readonly cell_type: string;
    readonly outputs: readonly { readonly name: string }[];
  }[];
}
