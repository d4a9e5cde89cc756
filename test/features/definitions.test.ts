import { createFeatureEngine } from '../../lib/features/engine.ts';
import type { FeatureName } from '../../lib/features/table.ts';
import { roughCandles, sampleCandles } from '../support/candles.ts';
import { noteError } from './note-error.ts';

// The columns that are their own definition, written a second time in the most obvious way.
const candles = roughCandles('1h', 500, 11);
const { close, volume, takerBuyVolume, openTimeMs } = candles;
const { columns } = createFeatureEngine('1h').run(candles);
const rows = [...close.keys()];

function expectColumn(name: FeatureName, expected: (row: number) => number, digits = 12): void {
  const ours = columns[name];
  const differing = rows.filter((row) => {
    const value = expected(row);
    const wanted = Number.isFinite(value) ? value : Number.NaN;
    noteError(name, 'second implementation', wanted, ours[row]!, 1);
    return (
      Number.isNaN(wanted) !== Number.isNaN(ours[row]!) ||
      Math.abs(wanted - ours[row]!) > 10 ** -digits * Math.max(1, Math.abs(wanted))
    );
  });
  expect(differing.map((row) => [row, expected(row), ours[row]])).toEqual([]);
}

test.each([1, 5, 10, 15] as const)('return_%i', (lag) => {
  expectColumn(`return_${lag}`, (row) => close[row]! / (close[row - lag] ?? Number.NaN) - 1);
});

test('log_return_1', () => {
  expectColumn('log_return_1', (row) => Math.log(close[row]!) - Math.log(close[row - 1] ?? Number.NaN));
});

test('taker_ratio, undefined without trades', () => {
  expectColumn('taker_ratio', (row) => takerBuyVolume[row]! / volume[row]!);
  expect(columns.taker_ratio.filter(Number.isNaN).length).toBeGreaterThan(20);
});

test('cvd', () => {
  // Exact: every amount as a whole number of the smallest double there is room for here.
  const whole = (value: number) => BigInt(value * 2 ** 60);
  let sum = 0n;
  const sums = rows.map((row) => {
    sum += whole(2 * takerBuyVolume[row]! - volume[row]!);
    return Number(sum) / 2 ** 60;
  });
  // Nothing is lost but the last rounding: a plain running sum is off by more.
  expectColumn('cvd', (row) => sums[row]!, 15.6);
});

test('bbands width and percent', () => {
  const bands = rows.map((row) => {
    const window = [...close.subarray(Math.max(0, row - 19), row + 1)];
    const mean = window.reduce((a, b) => a + b, 0) / 20;
    const flat = window.every((value) => value === window[0]);
    const deviation = flat ? 0 : Math.sqrt(window.reduce((a, b) => a + (b - mean) ** 2, 0) / 20);
    return row < 19 ? { mean: Number.NaN, deviation: Number.NaN } : { mean, deviation };
  });
  expectColumn('bbands_20_2_width', (row) => (4 * bands[row]!.deviation) / bands[row]!.mean);
  expectColumn('bbands_20_2_percent', (row) => (close[row]! - bands[row]!.mean) / (4 * bands[row]!.deviation) + 0.5, 9);
});

test('hour and weekday of the open time, UTC', () => {
  const angle = (row: number, of: 'hour' | 'weekday') => {
    const date = new Date(openTimeMs[row]!);
    return 2 * Math.PI * (of === 'hour' ? date.getUTCHours() / 24 : ((date.getUTCDay() + 6) % 7) / 7);
  };
  expectColumn('hour_sin', (row) => Math.sin(angle(row, 'hour')));
  expectColumn('hour_cos', (row) => Math.cos(angle(row, 'hour')));
  expectColumn('weekday_sin', (row) => Math.sin(angle(row, 'weekday')));
  expectColumn('weekday_cos', (row) => Math.cos(angle(row, 'weekday')));
});

test('Monday is the first day: its sine is 0 and its cosine 1', () => {
  const monday = sampleCandles('1d', 1);
  monday.openTimeMs[0] = Date.UTC(2024, 0, 1);
  const run = createFeatureEngine('1d').run(monday).columns;
  expect([run.weekday_sin[0], run.weekday_cos[0]]).toEqual([0, 1]);
});

test('near_top and near_bottom at the borders: at the top is not below it, 0.3 % is still near', () => {
  const flat = sampleCandles('1d', 4, 'flat');
  flat.high.set([100, 100, 100, 100]);
  flat.low.set([90, 90, 90, 90]);
  flat.close.set([100, 99.7, 99.69, 90.27]);
  const run = createFeatureEngine('1d').run(flat).columns;
  expect([...run.near_top_2d]).toEqual([Number.NaN, 1, 0, 0]);
  expect([...run.near_bottom_2d]).toEqual([Number.NaN, 0, 0, 1]);
  expect([...run.near_top_1d]).toEqual([0, 1, 0, 0]);
});

test('candle_return rounds half to even, as the original did', () => {
  const flat = sampleCandles('1d', 4, 'flat');
  // Changes of exactly 0.390625 and -0.78125 percent, and of 0.
  flat.close.set([256, 257, 257, 254.9921875]);
  expect([...createFeatureEngine('1d').run(flat).columns.candle_return]).toEqual([Number.NaN, 0.39, 0, -0.78]);
});

describe('windows do not remember what has left them', () => {
  // Values of a million with a spike of 1e15 long ago: after it, sums that subtract are off by far
  // more than 1e-9.
  const long = sampleCandles('1m', 30_000, 'ordinary', 5);
  for (let i = 0; i < long.length; i++) {
    const spike = i === 9_000 ? 1e9 : 1;
    long.close[i] = (1e6 + (long.close[i]! % 7)) * spike;
    long.high[i] = long.close[i]! * 1.001;
    long.low[i] = long.close[i]! * 0.999;
    long.volume[i] = (1e6 + (long.volume[i]! % 1)) * spike;
  }
  const { columns: ours } = createFeatureEngine('1m').run(long);

  const moments = (values: Float64Array, row: number, length: number) => {
    const window = values.subarray(row - length + 1, row + 1);
    const shift = window[0]!;
    const mean = window.reduce((a, b) => a + (b - shift), 0) / length + shift;
    const squares = window.reduce((a, b) => a + (b - mean) ** 2, 0);
    return { mean, sample: Math.sqrt(squares / (length - 1)), population: Math.sqrt(squares / length) };
  };
  const relative = (a: number, b: number) => Math.abs(a - b) / Math.abs(b);

  test.each([9_020, 11_000, 20_000, 29_999])('at row %i', (row) => {
    const returns = ours.return_1.slice();
    expect(relative(ours.sma_20[row]!, moments(long.close, row, 20).mean)).toBeLessThan(1e-12);
    const band = ours.bbands_20_2_upper[row]! - ours.bbands_20_2_middle[row]!;
    expect(relative(band, 2 * moments(long.close, row, 20).population)).toBeLessThan(1e-8);
    expect(relative(ours.volume_mean_1d[row]!, moments(long.volume, row, 1440).mean)).toBeLessThan(1e-12);
    expect(relative(ours.volume_std_1d[row]!, moments(long.volume, row, 1440).sample)).toBeLessThan(1e-9);
    if (row > 10_080) {
      expect(relative(ours.volatility_7d[row]!, moments(returns, row, 10_080).sample)).toBeLessThan(1e-9);
    }
  });
});

describe('statistics of taker_ratio pass over candles without trades', () => {
  // At 12h a window of 2 days is 4 candles.
  const statistics = (volumes: number[]) => {
    const twelve = sampleCandles('12h', volumes.length);
    twelve.volume.set(volumes);
    twelve.takerBuyVolume.set(volumes.map((value, i) => (value * (i + 1)) / 10));
    return createFeatureEngine('12h').run(twelve).columns;
  };

  test('while half of the window has trades', () => {
    const { taker_ratio_mean_2d, taker_ratio_std_2d } = statistics([1, 0, 0, 1]);
    expect(taker_ratio_mean_2d[3]).toBeCloseTo(0.25, 12);
    expect(taker_ratio_std_2d[3]).toBeCloseTo(Math.sqrt(2 * 0.15 ** 2), 12);
  });

  test('and are undefined with less, or before the window is full', () => {
    expect(statistics([1, 0, 0, 0]).taker_ratio_mean_2d[3]).toBeNaN();
    expect(statistics([1, 1, 1]).taker_ratio_mean_2d[2]).toBeNaN();
  });
});
