/**
 * An attempt to look good without knowing anything. The candles are a random walk: nothing in the past says where they
 * go. Labels overlap, slow features hardly change from one candle to the next, and so a classifier that only remembers
 * finds, in a random split, the neighbour in time of nearly every row it is tested on, and with it most of the answer.
 * On the purged folds of the pack there is no such neighbour, and it is no better than the naive baselines.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderObjectStore } from '../../lib/adapters/local/folder-object-store.ts';
import type { DatasetManifest } from '../../lib/dataset/contract.ts';
import type { FeatureName } from '../../lib/features/table.ts';
import { sampleCandles } from '../support/candles.ts';
import { temporaryFolder } from '../support/folder.ts';
import { readParquet } from '../support/parquet.ts';
import { publishCandles } from '../support/published-lake.ts';
import { seededRandom } from '../support/random.ts';
import { dataset } from './make-pack.ts';
import { predictByNeighbours } from './nearest-neighbours.ts';

const SERIES = { market: 'sim', symbol: 'WALKUSDT', interval: '1h' } as const;
/** Slow ones: a row's values are nearly those of the row before. */
const FEATURES = [
  'volatility_7d',
  'taker_ratio_mean_2d',
  'taker_ratio_std_2d',
  'bbands_20_2_width',
  'adx_14',
] as const satisfies readonly FeatureName[];
const NEIGHBOURS = 5;

interface Row {
  readonly point: Float64Array;
  readonly label: number;
  readonly roles: Readonly<Record<string, unknown>>;
}

let manifest: DatasetManifest;
let rows: Row[];
let scaling: Record<string, unknown>[];

beforeAll(async () => {
  const lake = temporaryFolder();
  const out = temporaryFolder();
  await publishCandles(lake, SERIES, sampleCandles('1h', 6000, 'ordinary', 42));
  const request = { market: 'sim', symbols: ['WALKUSDT'], interval: '1h', from: '2023-11-01', to: '2025-01-01' };
  manifest = await dataset(
    { ...request, set: 'xgboost', label: 'signal', folds: 5, embargo: '1d' },
    { store: folderObjectStore(lake), out: folderObjectStore(out), codeHash: 'code' },
  );
  expect(JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'))).toEqual(manifest);
  const parts = readdirSync(join(out, 'data')).sort();
  const read = (await Promise.all(parts.map((name) => readParquet(join(out, 'data', name))))).flat();
  rows = read.map((row) => ({
    point: Float64Array.from(FEATURES, (name) => row[name] as number),
    label: row['label'] as number,
    roles: row,
  }));
  scaling = await readParquet(join(out, 'scaling.parquet'));
});

/** Mean and deviation of the features, by the pack's statistics of a fold. */
function scaledBy(fold: string): (point: Float64Array) => Float64Array {
  const of = new Map(scaling.filter((row) => row['fold'] === fold).map((row) => [row['feature'], row]));
  const mean = FEATURES.map((name) => of.get(name)!['mean'] as number);
  const std = FEATURES.map((name) => of.get(name)!['std'] as number);
  return (point) => point.map((value, d) => (value - mean[d]!) / std[d]!);
}

/** The share of the tested rows about which the classifier is right. */
function accuracy(fold: string, train: readonly Row[], tested: readonly Row[]): number {
  const scaled = scaledBy(fold);
  const memory = { points: train.map(({ point }) => scaled(point)), classes: train.map(({ label }) => label) };
  const said = predictByNeighbours(
    memory,
    tested.map(({ point }) => scaled(point)),
    NEIGHBOURS,
  );
  return said.filter((label, i) => label === tested[i]!.label).length / tested.length;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const roleIn = (fold: string, role: number) => rows.filter(({ roles }) => roles[fold] === role);

test('on a leaky random split it looks good; on the purged folds it is no better than the baselines', () => {
  const walkForward = manifest.folds.filter(({ kind }) => kind === 'walk_forward');
  const random = seededRandom(7).next;
  const drawn = rows.map((row) => ({ row, tested: random() < 0.2 }));
  const leaky = accuracy(
    walkForward.at(-1)!.name,
    drawn.filter(({ tested }) => !tested).map(({ row }) => row),
    drawn.filter(({ tested }) => tested).map(({ row }) => row),
  );
  const purged = mean(walkForward.map(({ name }) => accuracy(name, roleIn(name, 1), roleIn(name, 2))));
  const majority = mean(walkForward.map(({ baselines }) => baselines['majority_class']!['accuracy']!));

  // It would be sold for this.
  expect(leaky).toBeGreaterThan(majority + 0.2);
  // And this is what it is worth: nothing, to within what 5,000 overlapping rows can tell.
  expect(Math.abs(purged - majority)).toBeLessThan(0.06);
  expect(leaky - purged).toBeGreaterThan(0.2);
});

test('the same on combinatorial folds, which train on both sides of the test', () => {
  const folds = manifest.folds.filter(({ kind }) => kind === 'combinatorial').filter((_, i) => i % 4 === 0);
  const purged = mean(folds.map(({ name }) => accuracy(name, roleIn(name, 1), roleIn(name, 2))));
  const majority = mean(folds.map(({ baselines }) => baselines['majority_class']!['accuracy']!));
  expect(folds.length).toBe(4);
  expect(Math.abs(purged - majority)).toBeLessThan(0.06);
});

test('labels overlap: on average a row tells less than half of what a row of its own would', () => {
  expect(mean(rows.map(({ roles }) => roles['weight'] as number))).toBeLessThan(0.5);
});
