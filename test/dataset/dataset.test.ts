import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderObjectStore } from '../../lib/adapters/local/folder-object-store.ts';
import { runLakeProgram } from '../../lib/cli/lake-program.ts';
import type { DatasetManifest } from '../../lib/dataset/contract.ts';
import { parseDatasetRequest } from '../../lib/dataset/dataset-request.ts';
import { identify } from '../../lib/dataset/identify.ts';
import { uniquenessOver } from '../../lib/dataset/row-weights.ts';
import { writePack } from '../../lib/dataset/write-pack.ts';
import { TABLE } from '../../lib/features/table.ts';
import { tableKey } from '../../lib/lake/keys.ts';
import { encodeTable } from '../../lib/parquet/encode-table.ts';
import { sampleCandles } from '../support/candles.ts';
import { temporaryFolder } from '../support/folder.ts';
import { parquetHashes, readParquet } from '../support/parquet.ts';
import { publishCandles } from '../support/published-lake.ts';

const SYMBOLS = ['ADAUSDT', 'BTCUSDT'] as const;
const seriesOf = (symbol: string) => ({ market: 'um', symbol, interval: '1h' }) as const;
/** 2023-11-14 to 2024-03-18: two shards a symbol. */
const CANDLES = 3000;

let lake: string;
beforeAll(async () => {
  lake = temporaryFolder();
  for (const [i, symbol] of SYMBOLS.entries()) {
    await publishCandles(lake, seriesOf(symbol), sampleCandles('1h', CANDLES, 'ordinary', i + 1));
  }
});

async function lakeDataset(out: string, ...more: string[]) {
  const said = { out: '', err: '' };
  const stream = (name: 'out' | 'err') => ({
    isTTY: false,
    write(text: string) {
      said[name] += text;
      return true;
    },
  });
  const args = [
    'dataset',
    '--symbols',
    'BTCUSDT,ADAUSDT',
    '--interval',
    '1h',
    '--from',
    '2023-11-20',
    '--to',
    '2024-03-01',
  ];
  const terminal = { out: stream('out'), err: stream('err'), variables: {} };
  const code = await runLakeProgram([...args, '--lake', lake, '--out', out, ...more], terminal as never);
  return { code, ...said };
}

const manifestIn = (out: string) => JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as DatasetManifest;
const rowsIn = async (out: string) => {
  const names = readdirSync(join(out, 'data')).sort();
  return (await Promise.all(names.map((name) => readParquet(join(out, 'data', name))))).flat();
};
const tableRows = async (table: 'candles' | 'features' | 'labels', symbol: string) =>
  (
    await Promise.all(
      ['2023', '2024'].map((period) => readParquet(join(lake, tableKey(table, seriesOf(symbol), period)))),
    )
  ).flat();
const ms = (value: unknown) => (value as Date).getTime();

describe('a training pack', () => {
  let out: string;
  let manifest: DatasetManifest;
  let rows: Record<string, unknown>[];
  beforeAll(async () => {
    out = join(temporaryFolder(), 'pack');
    expect(await lakeDataset(out, '--json')).toMatchObject({ code: 0, err: '' });
    manifest = manifestIn(out);
    rows = await rowsIn(out);
  });

  test('has one file a shard, statistics and a manifest that lists them, and nothing else', () => {
    expect(readdirSync(out).sort()).toEqual(['data', 'manifest.json', 'scaling.parquet']);
    expect(Object.fromEntries(manifest.files.map(({ key, sha256 }) => [key, sha256]))).toEqual(parquetHashes(out));
    expect(manifest.files.map(({ key }) => key)).toEqual([
      'data/ADAUSDT-2023.parquet',
      'data/ADAUSDT-2024.parquet',
      'data/BTCUSDT-2023.parquet',
      'data/BTCUSDT-2024.parquet',
      'scaling.parquet',
    ]);
    expect(manifest).toMatchObject({ complete: true, rows: rows.length });
    expect(manifest.inputs.map(({ symbol, period, rows }) => [`data/${symbol}-${period}.parquet`, rows])).toEqual(
      manifest.files.slice(0, -1).map(({ key, rows }) => [key, rows]),
    );
  });

  test('has the features of the set, each with its own label, bit for bit as the lake has them', async () => {
    const expected: Record<string, unknown>[] = [];
    for (const symbol of SYMBOLS) {
      const byTime = async (table: 'candles' | 'features') =>
        new Map((await tableRows(table, symbol)).map((row) => [ms(row['open_time']), row]));
      const [candles, features] = [await byTime('candles'), await byTime('features')];
      for (const label of await tableRows('labels', symbol)) {
        const openTimeMs = ms(label['open_time']);
        if (
          label['signal'] === null ||
          openTimeMs < Date.parse('2023-11-20') ||
          openTimeMs >= Date.parse('2024-03-01')
        ) {
          continue;
        }
        const feature = features.get(openTimeMs)!;
        expected.push({
          symbol,
          open_time: label['open_time'],
          t0: feature['known_at'],
          t1: label['signal_t1'],
          open: candles.get(openTimeMs)!['open'],
          close: candles.get(openTimeMs)!['close'],
          ...Object.fromEntries(manifest.features.map((name) => [name, feature[name]])),
          label: label['signal'],
          label_class: label['signal'],
          weight: label['uniqueness'],
        });
      }
    }
    const folds = new Set(['block', ...manifest.folds.map(({ name }) => name)]);
    const bare = rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !folds.has(name))));
    expect(bare.length).toBeGreaterThan(4000);
    expect(bare).toEqual(expected);
    const wanted = TABLE.flatMap((row) => row.columns as readonly { name: string; sets: readonly string[] }[])
      .filter(({ sets }) => sets.includes('xgboost'))
      .map(({ name }) => name);
    expect([...manifest.features].sort()).toEqual(wanted.sort());
  });

  test('no feature is known after its label begins, and every label ends later', () => {
    for (const row of rows) expect(ms(row['t1'])).toBeGreaterThan(ms(row['t0']));
  });

  test('fold columns say what the manifest counts, and keep training a day away from the test', () => {
    for (const { name, train, test: tested, purged } of manifest.folds) {
      const of = (role: number) => rows.filter((row) => row[name] === role);
      expect([of(1).length, of(2).length, of(-1).length]).toEqual([train, tested, purged]);
      const tests = of(2).map((row) => [ms(row['t0']), ms(row['t1'])] as const);
      const near = of(1).filter((row) =>
        tests.some(([t0, t1]) => ms(row['t1']) + 86_400_000 >= t0 && ms(row['t0']) - 86_400_000 <= t1),
      );
      expect(near).toEqual([]);
    }
    expect(manifest.folds).toHaveLength(20);
  });

  test('scaling statistics are those of the training rows of each fold', async () => {
    const statistics = await readParquet(join(out, 'scaling.parquet'));
    expect(statistics).toHaveLength(20 * manifest.features.length);
    for (const { fold, feature, count, mean, std } of statistics.filter((_, i) => i % 37 === 0)) {
      const values = rows
        .filter((row) => row[fold as string] === 1 && row[feature as string] !== null)
        .map((row) => row[feature as string] as number);
      const average = values.reduce((sum, v) => sum + v, 0) / values.length;
      const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - average) ** 2, 0) / values.length);
      expect(count).toBe(values.length);
      expect(mean).toBeCloseTo(average, 8);
      expect(std).toBeCloseTo(deviation, 8);
    }
  });

  test('weights are the uniqueness of the labels, as counted again over the rows of a symbol', () => {
    for (const symbol of SYMBOLS) {
      const own = rows.filter((row) => row['symbol'] === symbol);
      const column = (name: string) => Float64Array.from(own, (row) => ms(row[name]));
      const counted = uniquenessOver(column('t0'), column('t1'));
      // The pack has no labels that began before its range or end after it: those overlap the first day and the last.
      const inner = [...counted.keys()].slice(24, -24);
      expect(inner.map((row) => own[row]!['weight'])).toEqual(inner.map((row) => expect.closeTo(counted[row]!, 12)));
    }
  });

  test('built again, there or elsewhere, it has the same id and the same bytes', async () => {
    const elsewhere = temporaryFolder();
    expect(await lakeDataset(elsewhere, '--symbols', 'ADAUSDT,BTCUSDT')).toMatchObject({ code: 0 });
    expect(readFileSync(join(elsewhere, 'manifest.json'))).toEqual(readFileSync(join(out, 'manifest.json')));
    expect(parquetHashes(elsewhere)).toEqual(parquetHashes(out));
    expect(await lakeDataset(out)).toMatchObject({ code: 0 });
    expect(parquetHashes(elsewhere)).toEqual(parquetHashes(out));
  });

  test('another request has another id, and the folder of this pack refuses it', async () => {
    const before = parquetHashes(out);
    const ended = await lakeDataset(out, '--embargo', '2d');
    expect(ended).toMatchObject({ code: 2 });
    expect(ended.err).toMatch(/^lake: out .* holds dataset [0-9a-f]{64}, this is [0-9a-f]{64}: give another folder/);
    expect(parquetHashes(out)).toEqual(before);
    expect(manifestIn(out).id).toBe(manifest.id);
  });

  test('a pack whose writing was cut short is written to its end', async () => {
    const half = temporaryFolder();
    writeFileSync(join(half, 'manifest.json'), JSON.stringify({ id: manifest.id, complete: false }));
    expect(await lakeDataset(half)).toMatchObject({ code: 0 });
    expect(parquetHashes(half)).toEqual(parquetHashes(out));
  });
});

test('statistics do not depend on how many features fit in memory at once', async () => {
  const store = folderObjectStore(lake);
  const request = parseDatasetRequest({ symbols: ['BTCUSDT'], interval: '1h', from: '2023-11-20', to: '2024-03-01' });
  const { parts, features } = await identify(request, { store, codeHash: 'code' });
  const count = parts.reduce((sum, { t0 }) => sum + t0.length, 0);
  const packs = await Promise.all(
    [1, 4 * count * 3, 2 ** 30].map((memoryBytes) =>
      writePack({
        store,
        out: folderObjectStore(temporaryFolder()),
        encodeTable,
        request,
        features: features.slice(0, 8),
        parts,
        division: { block: new Float64Array(count), roles: new Map([['all', new Int8Array(count).fill(1)]]) },
        memoryBytes,
      }),
    ),
  );
  expect(packs[0]).toEqual(packs[2]);
  expect(packs[1]).toEqual(packs[2]);
});

test.each([
  ['mlp', 'tb_2_20'],
  ['lstm', 'fwd_return_60'],
  ['xgboost', 'trend_up_15'],
])('set %s with label %s', async (set, label) => {
  const out = temporaryFolder();
  expect(await lakeDataset(out, '--set', set, '--label', label, '--folds', '2', '--embargo', '0')).toMatchObject({
    code: 0,
  });
  const manifest = manifestIn(out);
  expect(manifest.folds.map(({ name }) => name)).toEqual(['wf_1', 'wf_2', 'cpcv_0_1', 'cpcv_0_2', 'cpcv_1_2']);
  const [row] = await rowsIn(out);
  expect(Object.keys(row!)).toEqual([
    'symbol',
    'open_time',
    't0',
    't1',
    'open',
    'close',
    ...manifest.features,
    'label',
    ...(label.startsWith('fwd') ? [] : ['label_class']),
    'weight',
    'block',
    'wf_1',
    'wf_2',
    'cpcv_0_1',
    'cpcv_0_2',
    'cpcv_1_2',
  ]);
  for (const { baselines } of manifest.folds) {
    for (const score of Object.values(baselines).flatMap((scores) => Object.values(scores))) {
      expect(score).toBeGreaterThanOrEqual(0);
    }
  }
});

describe('what cannot be made is refused in one line, and nothing is written', () => {
  test.each([
    [['--set', 'svm'], /set must be one of xgboost, mlp, lstm, got 'svm'/],
    [['--label', 'close'], /label must be one of signal, tb_2_20, .* got 'close'/],
    [['--folds', '1'], /folds must be a whole number from 2 to 12, got 1/],
    [['--folds', 'x'], /folds must be a whole number from 2 to 12, got NaN/],
    [['--embargo', 'soon'], /embargo must be 0 or a number and m, h, d or w such as 12h or 1d, got 'soon'/],
    [['--from', '2024-03-01'], /from must be before to/],
    [['--to', 'never'], /to must be an ISO date/],
    [['--interval', '7m'], /interval must be one of/],
    [['--market', 'moon'], /market must be one of um, cm, spot, sim, got 'moon'/],
    [
      ['--symbols', 'ETHUSDT'],
      /holds no um\/ETHUSDT\/1h; run `npx lake run --lake \S+ --from 2023-11-20 --to 2024-03-01 --symbols ETHUSDT/,
    ],
    [['--market', 'sim'], /holds no sim\/ADAUSDT\/1h; it has that of market um: give --market um/],
    [['--from', '2021-01-01', '--to', '2021-02-01'], /lake has 0 rows with signal .* expected enough for 6 blocks/],
    [['--to', '2023-11-25', '--embargo', '4w'], /fold wf_1 has no training rows left/],
  ])('%j', async (args, message) => {
    const out = join(temporaryFolder(), 'pack');
    const ended = await lakeDataset(out, ...args);
    expect(ended.err).toMatch(message);
    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(ended.err.trim().split('\n')).toHaveLength(1);
    expect(() => readdirSync(out)).toThrow(/ENOENT/);
  });

  test('a folder with something else in it', async () => {
    const out = temporaryFolder();
    writeFileSync(join(out, 'thesis.txt'), 'mine');
    const ended = await lakeDataset(out);
    expect(ended).toMatchObject({ code: 2 });
    expect(ended.err).toMatch(/must be empty or hold this dataset, got 'thesis.txt' in it/);
    expect(readdirSync(out)).toEqual(['thesis.txt']);
  });

  test('a lake whose bytes are not those of its manifests', async () => {
    const key = tableKey('labels', seriesOf('BTCUSDT'), '2024');
    const bytes = readFileSync(join(lake, key));
    const other = Buffer.from(bytes);
    other[100]! ^= 1;
    writeFileSync(join(lake, key), other);
    const out = join(temporaryFolder(), 'pack');
    try {
      expect(await lakeDataset(out)).toMatchObject({
        code: 1,
        err: expect.stringMatching(/CorruptObject: labels.*sha256/),
      });
    } finally {
      writeFileSync(join(lake, key), bytes);
    }
  });
});
