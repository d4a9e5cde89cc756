import { type Candles, sliceCandles } from '../../lib/domain/candles.ts';
import type { Interval } from '../../lib/domain/interval.ts';
import { createFeatureEngine } from '../../lib/features/engine.ts';
import { type FeatureRow, outputsOf } from '../../lib/features/feature-row.ts';
import { fractionalWeights } from '../../lib/features/kernels/fractional-difference.ts';
import { TABLE } from '../../lib/features/table.ts';
import { roughCandles, sampleCandles } from '../support/candles.ts';
import { expectColumn, meanOf, powerSum, sampleDeviation, windowAt } from './expect-column.ts';

// Each column a second time in the most obvious way, over ties, flat stretches and spikes.
const candles = roughCandles('4h', 1200, 31);
const { close } = candles;
const run = createFeatureEngine('4h').run(candles);
const logReturns = (prices: Float64Array) =>
  [...prices.keys()].map((row) => Math.log(prices[row]! / (prices[row - 1] ?? Number.NaN)));
const returns = logReturns(close);

/** An engine for some columns only; rows of the table that they read must be named too. */
function engineOf(interval: Interval, columns: readonly string[]) {
  const table: readonly FeatureRow[] = TABLE;
  return createFeatureEngine(
    interval,
    table.filter((row) => outputsOf(row).some((name) => columns.includes(name))),
  );
}

const skew = (x: readonly number[]) =>
  ((x.length * Math.sqrt(x.length - 1)) / (x.length - 2)) * (powerSum(x, 3) / powerSum(x, 2) ** 1.5);
const kurtosis = (x: readonly number[]) => {
  const n = x.length;
  const excess = (n * powerSum(x, 4)) / powerSum(x, 2) ** 2 - 3;
  return ((n - 1) / ((n - 2) * (n - 3))) * ((n + 1) * excess + 6);
};
const autocorrelation = (x: readonly number[]) => {
  const mean = meanOf(x);
  let products = 0;
  for (let i = 1; i < x.length; i++) products += (x[i]! - mean) * (x[i - 1]! - mean);
  return products / powerSum(x, 2);
};

test.each([20, 50] as const)('zscore_%i', (length) => {
  expectColumn(
    run,
    `zscore_${length}`,
    (row) => {
      const window = windowAt(close, row, length);
      return (close[row]! - meanOf(window)) / sampleDeviation(window);
    },
    { tolerance: 1e-10, scale: 1 },
  );
});

test('skew_50, kurtosis_50 and autocorr_50_1', () => {
  expectColumn(run, 'skew_50', (row) => skew(windowAt(returns, row, 50)), { scale: 1, tolerance: 1e-10 });
  expectColumn(run, 'kurtosis_50', (row) => kurtosis(windowAt(returns, row, 50)), { scale: 1, tolerance: 1e-10 });
  expectColumn(run, 'autocorr_50_1', (row) => autocorrelation(windowAt(returns, row, 50)), {
    scale: 1,
    tolerance: 1e-10,
  });
});

test('returns that differ by rounding only have no shape', () => {
  const line = sampleCandles('4h', 300);
  line.close.set([...line.close.keys()].map((row) => Math.exp(row / 100)));
  const rising = createFeatureEngine('4h').run(line).columns;
  expect(rising.realized_vol_20.some((value) => value > 0)).toBe(true);
  for (const name of ['skew_50', 'kurtosis_50', 'autocorr_50_1'] as const) {
    expect([name, rising[name].every(Number.isNaN)]).toEqual([name, true]);
  }
});

test('percent_rank_100: ties share the mean of their ranks', () => {
  expectColumn(run, 'percent_rank_100', (row) => {
    const window = windowAt(close, row, 100);
    const below = window.filter((value) => value < close[row]!).length;
    const equal = window.filter((value) => value === close[row]!).length;
    return window.length ? (below + (equal + 1) / 2) / 100 : Number.NaN;
  });
});

test('fracdiff_0p4: weights as in the book, the last of them not below 1e-4', () => {
  const weights = fractionalWeights(0.4, 1e-4);
  // (1 − B)^0.4 = 1 − 0.4 B − 0.12 B² − 0.064 B³ − 0.0416 B⁴ …
  [1, -0.4, -0.12, -0.064, -0.0416].forEach((weight, k) => {
    expect(weights[k]).toBeCloseTo(weight, 14);
  });
  expect(Math.abs(weights.at(-1)!)).toBeGreaterThanOrEqual(1e-4);
  expect(fractionalWeights(0.4, 5e-5).findIndex((weight) => Math.abs(weight) < 1e-4)).toBe(weights.length);
  expectColumn(run, 'fracdiff_0p4', (row) => {
    const window = windowAt(close, row, weights.length).reverse();
    return window.length ? window.reduce((sum, value, k) => sum + weights[k]! * Math.log(value), 0) : Number.NaN;
  });
});

describe('hurst_200', () => {
  const naive = (prices: Float64Array) => (row: number) => {
    const window = windowAt(prices, row, 200).map(Math.log);
    if (window.length === 0) return Number.NaN;
    const points = [1, 2, 4, 8, 16, 32].map((lag) => {
      const squares = window.slice(lag).map((value, i) => (value - window[i]!) ** 2);
      return [Math.log(lag), Math.log(meanOf(squares))] as const;
    });
    const [x, y] = [meanOf(points.map(([a]) => a)), meanOf(points.map(([, b]) => b))];
    const rise = points.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0);
    return rise / points.reduce((sum, [a]) => sum + (a - x) ** 2, 0) / 2;
  };

  test('is half the slope of log mean squared change on log lag', () => {
    expectColumn(run, 'hurst_200', naive(close), { scale: 1 });
  });

  const withMoves = (next: (before: number, move: number) => number) => {
    const made = sampleCandles('1h', 6000, 'ordinary', 32);
    const moves = logReturns(made.close);
    let value = 0;
    for (let i = 1; i < made.length; i++) {
      value = next(value, moves[i]!);
      made.close[i] = Math.exp(value);
    }
    made.close[0] = 1;
    const values = createFeatureEngine('1h').run(made).columns.hurst_200;
    return meanOf([...values].filter((v) => !Number.isNaN(v)));
  };
  test('is near 0.5 for a random walk, near 1 for a straight line, near 0 for noise around a level', () => {
    expect(Math.abs(withMoves((before, move) => before + move) - 0.5)).toBeLessThan(0.05);
    expect(withMoves((before, move) => before + 0.01 + move / 100)).toBeGreaterThan(0.95);
    expect(Math.abs(withMoves((_before, move) => move))).toBeLessThan(0.05);
  });
});

/** Third by mid-rank, by counting. */
function thirdAt(values: Float64Array, row: number, length: number): number {
  const window = windowAt(values, row, length);
  if (window.length === 0 || window.some(Number.isNaN)) return Number.NaN;
  const value = values[row]!;
  const rank = 3 * window.reduce((sum, other) => sum + (other < value ? 2 : other === value ? 1 : 0), 0);
  return rank < 2 * length ? 0 : rank < 4 * length ? 1 : 2;
}

describe('regime_vol', () => {
  const needed = ['log_return_1', 'realized_vol_96', 'regime_vol'];

  test('is the third by mid-rank in 30 days', () => {
    expectColumn(run, 'regime_vol', (row) => thirdAt(run.columns.realized_vol_96, row, 180), { tolerance: 0 });
    expect(new Set(run.columns.regime_vol)).toEqual(new Set([Number.NaN, 0, 1, 2]));
  });

  test('is 1 if nothing moves, and undefined if 30 days are not 3 candles', () => {
    const flat = createFeatureEngine('1d').run(sampleCandles('1d', 200, 'flat')).columns.regime_vol;
    expect([flat[124], flat[125], flat[199]]).toEqual([Number.NaN, 1, 1]);
    expect(createFeatureEngine('1M').run(sampleCandles('1M', 200)).columns.regime_vol.every(Number.isNaN)).toBe(true);
  });

  test('is the same however a window of 43,200 candles is cut: short pieces are counted, long ones ranked', () => {
    const long = sampleCandles('1m', 90_000, 'ordinary', 33);
    // Candles without movement, as at night: many equal values.
    for (let i = 50_000; i < 50_400; i++) long.close[i] = long.close[50_000]!;
    const whole = engineOf('1m', needed).run(long).columns;
    const pieces = inPieces(long, [1, 43_000, 43_310, 43_311, 43_330, 60_000, 60_025, 60_100]);
    expect(pieces).toEqual(whole.regime_vol);
    for (const row of [43_294, 43_295, 50_450, 61_111, 89_999]) {
      expect([row, whole.regime_vol[row]]).toEqual([row, thirdAt(whole.realized_vol_96, row, 43_200)]);
    }
  });

  function inPieces(long: Candles, cuts: number[]): Float64Array {
    const out = new Float64Array(long.length);
    let engine = engineOf('1m', needed);
    [0, ...cuts].forEach((from, piece) => {
      const bytes = engine.save();
      engine = engineOf('1m', needed);
      engine.restore(bytes);
      out.set(engine.run(sliceCandles(long, from, cuts[piece] ?? long.length)).columns.regime_vol, from);
    });
    return out;
  }
});

test('regime_trend is the sign of the slope of 14 closes where adx_14 is at least 25', () => {
  const { adx_14 } = run.columns;
  expectColumn(
    run,
    'regime_trend',
    (row) => {
      if (Number.isNaN(adx_14[row])) return Number.NaN;
      const window = windowAt(close, row, 14);
      const slope = window.reduce((sum, value, k) => sum + (value - window[0]!) * (k - 6.5), 0);
      return adx_14[row]! >= 25 ? Math.sign(slope) : 0;
    },
    { tolerance: 0 },
  );
  expect(new Set(run.columns.regime_trend)).toEqual(new Set([Number.NaN, -1, 0, 1]));
});

test('is_weekend and session', () => {
  const hourly = sampleCandles('1h', 24 * 15);
  const timed = createFeatureEngine('1h').run(hourly);
  const date = (row: number) => new Date(hourly.openTimeMs[row]!);
  expectColumn(timed, 'is_weekend', (row) => ([0, 6].includes(date(row).getUTCDay()) ? 1 : 0));
  expectColumn(timed, 'session', (row) => Math.floor(date(row).getUTCHours() / 8));
});

describe('long series do not drift, and remember nothing of a spike', () => {
  const long = sampleCandles('5m', 120_000, 'ordinary', 34);
  for (const name of ['open', 'high', 'low', 'close'] as const) long[name][60_000]! *= 1e9;
  const inputs = ['log_return_1', 'close_variance_20', 'close_std_20', 'parkinson_variance'];
  const named = [
    'realized_vol_20',
    'realized_vol_96',
    'skew_50',
    'autocorr_50_1',
    'stddev_20',
    'zscore_20',
    'parkinson_20',
  ];
  const { columns } = engineOf('5m', [...inputs, ...named]).run(long);
  const moves = logReturns(long.close);
  const row = long.length - 1;
  const at = (length: number) => windowAt(moves, row, length);
  const prices = windowAt(long.close, row, 20);

  test.each([
    ['realized_vol_20', sampleDeviation(at(20))],
    ['realized_vol_96', sampleDeviation(at(96))],
    ['skew_50', skew(at(50))],
    ['kurtosis_50', kurtosis(at(50))],
    ['autocorr_50_1', autocorrelation(at(50))],
    ['stddev_20', Math.sqrt(powerSum(prices, 2) / 20)],
    ['zscore_20', (prices.at(-1)! - meanOf(prices)) / sampleDeviation(prices)],
    ['parkinson_20', rootMeanOf((k) => Math.log(long.high[k]! / long.low[k]!) ** 2 / (4 * Math.LN2))],
  ] as const)('%s', (name, expected) => {
    expect(Math.abs(columns[name][row]! - expected)).toBeLessThan(1e-9 * Math.abs(expected));
  });

  function rootMeanOf(term: (row: number) => number): number {
    return Math.sqrt(meanOf(Array.from({ length: 20 }, (_, k) => term(row - k))));
  }
});
