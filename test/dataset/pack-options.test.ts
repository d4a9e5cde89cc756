import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatasetManifest } from '../../lib/dataset/contract.ts';
import { LABEL_TABLE, type LabelRow } from '../../lib/labels/label-table.ts';
import { tableKey } from '../../lib/lake/keys.ts';
import { sampleCandles } from '../support/candles.ts';
import { temporaryFolder } from '../support/folder.ts';
import { readParquet } from '../support/parquet.ts';
import { publishCandles } from '../support/published-lake.ts';
import { saidBy } from '../support/terminal.ts';
import { DAY_MS } from '../support/time.ts';
import { makePackOf, msOf, type PackRow } from './make-pack.ts';

const SERIES = { market: 'um', symbol: 'BTCUSDT', interval: '1h' } as const;
/** 2023-11-14 to 2024-01-25. */
const CANDLES = 1730;
const REQUEST = { symbols: ['BTCUSDT'], interval: '1h', from: '2023-11-01', to: '2024-02-01', folds: 2 };

let lake: string;
beforeAll(async () => {
  lake = temporaryFolder();
  await publishCandles(lake, SERIES, sampleCandles('1h', CANDLES, 'ordinary', 11));
});

const table = async (name: 'features' | 'labels'): Promise<PackRow[]> =>
  (await Promise.all(['2023', '2024'].map((period) => readParquet(join(lake, tableKey(name, SERIES, period)))))).flat();
const pack = (more: object) => makePackOf(lake, { ...REQUEST, ...more });
const times = (rows: readonly PackRow[]) => rows.map((row) => msOf(row['open_time']));

describe('classes', () => {
  test.each(['signal', 'tb_2_20', 'trend_up_15'])(
    'label_class of %s counts from 0, and the manifest leads back',
    async (label) => {
      const { manifest, rows } = await pack({ label, columns: ['rsi_14'] });
      const row: LabelRow = LABEL_TABLE.find(({ name }) => name === label)!;
      const { classes, meaning } = manifest.label;
      expect(meaning).toBe(row.meaning);
      expect(classes!.map(({ class: number, value, meaning }) => [number, value, meaning])).toEqual(
        row.values!.map(({ value, meaning }, number) => [number, value, meaning]),
      );
      for (const { label, label_class } of rows) expect(classes![label_class as number]!.value).toBe(label);
      const counts = classes!.map(({ class: of }) => rows.filter(({ label_class }) => label_class === of).length);
      expect(classes!.map(({ rows }) => rows)).toEqual(counts);
      for (const { name, classes: inFold } of manifest.folds) {
        const of = (role: number) =>
          classes!.map(
            ({ class: number }) => rows.filter((r) => r[name] === role && r['label_class'] === number).length,
          );
        expect(inFold).toEqual({ train: of(1), test: of(2) });
      }
    },
  );

  test('a return has no classes', async () => {
    const { manifest, rows } = await pack({ label: 'fwd_return_5', columns: ['rsi_14'] });
    expect(manifest.label.classes).toBeUndefined();
    expect(Object.keys(rows[0]!)).not.toContain('label_class');
  });
});

describe('nulls', () => {
  test('the manifest and the text count them, feature by feature, and the rows that were left out', async () => {
    const { manifest, rows } = await pack({ columns: ['rsi_14', 'hurst_200'], label: 'fwd_return_5' });
    const counted = (name: string) => rows.filter((row) => row[name] === null).length;
    expect(manifest.nulls).toEqual({
      rule: 'keep',
      rows: rows.filter((row) => row['rsi_14'] === null || row['hurst_200'] === null).length,
      columns: { rsi_14: counted('rsi_14'), hurst_200: counted('hurst_200') },
      leftOut: [],
    });
    expect(counted('rsi_14')).toBe(14);
    expect(manifest.cut).toEqual({ undecided: CANDLES - (await table('labels')).length, noLabel: 0, nullFeature: 0 });
    const out = join(temporaryFolder(), 'pack');
    const args = ['--symbols', 'BTCUSDT', '--interval', '1h', '--folds', '2', '--columns', 'rsi_14,hurst_200'];
    const text = (await saidBy(['dataset', ...args, '--out', out, '--lake', lake])).out;
    expect(text).toMatch(/\n {2}left out: 168 without signal, \d+ not decided yet\n/);
    expect(text).toMatch(/\n {2}\d+ rows with a null feature, in the pack; most nulls: hurst_200 \d+\n/);
    expect(text).toMatch(/\n {2}signal 0: [\d,]+ \([\d.]+ %\), 1: [\d,]+ \([\d.]+ %\), 2: \d+ \([\d.]+ %\)\n/);
  });

  test.each(['mlp', 'lstm'])('set %s has no null in any feature; the rows that had one are counted', async (set) => {
    const kept = await pack({ set, nulls: 'keep', label: 'fwd_return_5' });
    const { manifest, rows } = await pack({ set, label: 'fwd_return_5' });
    const hasNull = (row: PackRow) => manifest.features.some((name) => row[name] === null);
    expect(rows.filter(hasNull)).toEqual([]);
    expect(manifest.nulls).toMatchObject({ rule: 'drop', rows: kept.rows.filter(hasNull).length });
    expect(manifest.cut.nullFeature).toBe(kept.rows.filter(hasNull).length);
    expect(manifest.cut.nullFeature).toBeGreaterThan(0);
    expect(times(rows)).toEqual(times(kept.rows.filter((row) => !hasNull(row))));
  });

  test('a feature without a value at the interval is left out of such a pack, and named', async () => {
    const series = { ...SERIES, interval: '1w' } as const;
    const weekly = temporaryFolder();
    await publishCandles(weekly, series, sampleCandles('1w', 400, 'ordinary', 5));
    const request = { symbols: ['BTCUSDT'], interval: '1w', from: '2023-01-01', to: '2035-01-01', folds: 2 };
    const columns = ['rsi_14', 'volatility_7d'];
    const more = { columns, label: 'tb_2_20', nulls: 'drop' };
    const { manifest, rows } = await makePackOf(weekly, { ...request, ...more });
    expect(manifest.features).toEqual(['rsi_14']);
    expect(manifest.nulls.leftOut).toEqual(['volatility_7d']);
    expect(rows.length).toBeGreaterThan(100);
  });
});

describe('rows to predict on', () => {
  test('are the newest ones, whose label is not decided; no fold uses them and no statistic sees them', async () => {
    const without = await pack({ set: 'xgboost' });
    const { manifest, rows, out } = await pack({ withUnlabelled: true });
    const decided = new Set(times(await table('labels')));
    const undecided = times(await table('features')).filter((time) => !decided.has(time));
    const unlabelled = rows.filter(({ label }) => label === null);
    expect(undecided.length).toBeGreaterThanOrEqual(60);
    expect(times(unlabelled)).toEqual(undecided);
    expect([manifest.unlabelled, manifest.cut.undecided]).toEqual([undecided.length, 0]);
    expect([without.manifest.unlabelled, without.manifest.cut.undecided]).toEqual([0, undecided.length]);
    for (const row of unlabelled) {
      expect([row['t1'], row['label_class'], row['weight'], row['block']]).toEqual([null, null, null, null]);
      expect(manifest.folds.map(({ name }) => row[name])).toEqual(manifest.folds.map(() => 3));
      expect(row['rsi_14']).not.toBeNull();
    }
    // All else is as it is without them.
    expect(rows.filter(({ label }) => label !== null)).toEqual(without.rows);
    expect(manifest.folds).toEqual(without.manifest.folds);
    expect(await readParquet(join(out, 'scaling.parquet'))).toEqual(
      await readParquet(join(without.out, 'scaling.parquet')),
    );
  });

  test('with a label that weighs by overlap the weights of the other rows do not change', async () => {
    const weightsOf = (rows: readonly PackRow[]) =>
      rows.map(({ weight }) => weight).filter((weight) => weight !== null);
    const without = await pack({ label: 'tb_2_20', columns: ['rsi_14'] });
    const { rows } = await pack({ label: 'tb_2_20', columns: ['rsi_14'], withUnlabelled: true });
    expect(weightsOf(rows)).toEqual(weightsOf(without.rows));
  });
});

describe('hold-out', () => {
  test.each(['20%', '10d'])(
    '%s: the newest rows are in no fold, and no fold has a label that reaches them',
    async (holdOut) => {
      const { manifest, rows } = await pack({ holdOut });
      const held = rows.filter((row) => row['hold_out'] === 2);
      const begin = Math.min(...held.map((row) => msOf(row['t0'])));
      const last = Math.max(...rows.map((row) => msOf(row['t0'])));
      if (holdOut === '20%') expect(held.length / rows.length).toBeCloseTo(0.2, 2);
      else expect(last - begin).toBe(10 * DAY_MS - 3_600_000);
      for (const row of held) {
        expect(row['block']).toBeNull();
        expect(manifest.folds.map(({ name }) => row[name])).toEqual(manifest.folds.map(() => 0));
      }
      const inFolds = rows.filter((row) => manifest.folds.some(({ name }) => [1, 2].includes(row[name] as number)));
      expect(inFolds.length).toBeGreaterThan(500);
      for (const row of inFolds) expect(msOf(row['t1']) + DAY_MS).toBeLessThan(begin);
      for (const row of inFolds) expect(row['hold_out']).toBe(1);
      const of = (role: number) => rows.filter((row) => row['hold_out'] === role).length;
      expect(manifest.holdOut).toMatchObject({ kind: 'hold_out', train: of(1), purged: of(-1), test: of(2) });
      expect(of(-1)).toBeGreaterThan(0);
      expect(Object.keys(manifest.holdOut!.baselines)).toEqual(['majority_class', 'last_direction', 'no_change']);
      expect(manifest.folds.map(({ name }) => name)).not.toContain('hold_out');
    },
  );

  test('the statistics of its training rows stand beside those of the folds', async () => {
    const { out, manifest, rows } = await pack({ holdOut: '20%', columns: ['rsi_14'] });
    const scaling = await readParquet(join(out, 'scaling.parquet'));
    expect(scaling.map((row) => row['fold'])).toEqual([...manifest.folds.map(({ name }) => name), 'hold_out']);
    const values = rows.filter((row) => row['hold_out'] === 1).map((row) => row['rsi_14'] as number);
    expect(scaling.at(-1)!['count']).toBe(values.length);
    expect(scaling.at(-1)!['mean']).toBeCloseTo(values.reduce((sum, v) => sum + v, 0) / values.length, 8);
  });
});

describe('the range and the columns of lake dataset', () => {
  const lakeDataset = async (...more: string[]) => {
    const args = ['--symbols', 'BTCUSDT', '--interval', '1h', '--folds', '2', '--lake', lake, '--json'];
    const { code, out, err } = await saidBy(['dataset', ...args, '--out', join(temporaryFolder(), 'pack'), ...more]);
    return { code, err, manifest: (code === 0 ? JSON.parse(out) : undefined) as DatasetManifest };
  };
  const end = sampleCandles('1h', CANDLES).openTimeMs.at(-1)! + 3_600_000;

  test.each([
    [['--period', '30d'], end - 30 * DAY_MS, end],
    [['--period', '30dias', '--to', '2024-01-20'], Date.parse('2023-12-21'), Date.parse('2024-01-20')],
    [['--period', '1mes', '--to', '2024-01-20'], Date.parse('2023-12-20'), Date.parse('2024-01-20')],
    [['--from', '2023-12-01'], Date.parse('2023-12-01'), end],
  ])('%j', async (args, fromMs, toMs) => {
    const { code, manifest } = await lakeDataset('--columns', 'rsi_14', ...args);
    expect([code, manifest.request]).toMatchObject([0, { fromMs, toMs }]);
  });

  test('a period and the same range by from and to have one id', async () => {
    const ids = [
      await lakeDataset('--columns', 'rsi_14', '--period', '30d', '--to', '2024-01-20'),
      await lakeDataset('--columns', 'rsi_14', '--from', '2023-12-21', '--to', '2024-01-20'),
    ].map(({ manifest }) => manifest.id);
    expect(ids[0]).toBe(ids[1]);
  });

  test('a file of columns names the features, in its order', async () => {
    const file = join(temporaryFolder(), 'columns.txt');
    writeFileSync(file, 'rsi_14, atr_14 # momentum first\n\nobv\n');
    const { manifest } = await lakeDataset('--columns-file', file);
    expect(manifest.features).toEqual(['rsi_14', 'atr_14', 'obv']);
    expect(manifest.request).toMatchObject({ set: 'columns', columns: ['rsi_14', 'atr_14', 'obv'] });
  });

  test.each([
    [['--period', '30d', '--from', '2024-01-01'], /range must be given by period or by from, got both period '30d'/],
    [['--period', 'soon'], /period must be a number and d, w, m or y such as 30d, .* got 'soon'/],
    [['--columns', 'rsi14'], /columns must be names of features, got 'rsi14', nearest are rsi_14/],
    [['--columns', 'rsi_14__4h'], /columns must be names of features, got 'rsi_14__4h'/],
    [
      ['--columns', 'rsi_14', '--set', 'mlp'],
      /features must be given by set or by columns, got both set 'mlp' and 1 columns/,
    ],
    [['--columns-file', 'nowhere.txt'], /columns-file must be a text file, got 'nowhere.txt' \(ENOENT\)/],
    [['--hold-out', '100%'], /hold-out must be a share below 100% such as 20%, or a number .* got '100%'/],
    [['--hold-out', '0d'], /hold-out must be a share below 100%/],
    [['--hold-out', '9000d'], /lake has 0 rows with signal .* expected enough for 3 blocks of time/],
    [['--nulls', 'fill'], /nulls must be one of keep, drop, got 'fill'/],
    [
      ['--columns', 'near_top_7d,hurst_200', '--nulls', 'drop', '--to', '2023-11-22'],
      /have a null feature, most often hurst_200: give --nulls keep/,
    ],
  ])('%j is refused in one line', async (args, message) => {
    const { code, err } = await lakeDataset(...args);
    expect(err).toMatch(message);
    expect([code, err.trim().split('\n').length]).toEqual([2, 1]);
  });
});
