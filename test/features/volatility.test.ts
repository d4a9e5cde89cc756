import { createFeatureEngine } from '../../lib/features/engine.ts';
import { featureRows } from '../../lib/features/table.ts';
import { roughCandles, sampleCandles } from '../support/candles.ts';
import { expectColumn, meanOf, sampleDeviation, windowAt } from './expect-column.ts';

// Each column a second time in the most obvious way, over ties, flat stretches and spikes.
const candles = roughCandles('1h', 500, 21);
const { open, high, low, close } = candles;
const run = createFeatureEngine('1h').run(candles);
const rows = [...close.keys()];
const returns = rows.map((row) => Math.log(close[row]!) - Math.log(close[row - 1] ?? Number.NaN));
const root = (values: number[]) => Math.sqrt(meanOf(values));

test('keltner_20_2: the middle and its bands begin together', () => {
  const range = rows.map((row) => {
    const before = close[row - 1]!;
    return Math.max(high[row]!, before) - Math.min(low[row]!, before);
  });
  let average = meanOf(range.slice(1, 21));
  const averages = rows.map((row) => {
    if (row > 20) average = (average * 19 + range[row]!) / 20;
    return row < 20 ? Number.NaN : average;
  });
  const { ema_20 } = run.columns;
  expectColumn(run, 'keltner_20_2_upper', (row) => ema_20[row]! + 2 * averages[row]!);
  expectColumn(run, 'keltner_20_2_middle', (row) => ema_20[row]! + 0 * averages[row]!);
  expectColumn(run, 'keltner_20_2_lower', (row) => ema_20[row]! - 2 * averages[row]!, { scale: 1e8 });
});

test('donchian_20', () => {
  const top = (row: number) => (row < 19 ? Number.NaN : Math.max(...windowAt(high, row, 20)));
  const bottom = (row: number) => (row < 19 ? Number.NaN : Math.min(...windowAt(low, row, 20)));
  expectColumn(run, 'donchian_20_upper', top, { tolerance: 0 });
  expectColumn(run, 'donchian_20_middle', (row) => (top(row) + bottom(row)) / 2);
  expectColumn(run, 'donchian_20_lower', bottom, { tolerance: 0 });
});

test.each([20, 96] as const)('realized_vol_%i', (length) => {
  expectColumn(run, `realized_vol_${length}`, (row) => sampleDeviation(windowAt(returns, row, length)), {
    tolerance: 1e-11,
    scale: 1e-3,
  });
});

test('parkinson_20', () => {
  const terms = rows.map((row) => Math.log(high[row]! / low[row]!) ** 2 / (4 * Math.log(2)));
  expectColumn(run, 'parkinson_20', (row) => root(windowAt(terms, row, 20)));
});

test('garman_klass_20', () => {
  const terms = rows.map((row) => {
    const range = Math.log(high[row]!) - Math.log(low[row]!);
    const body = Math.log(close[row]!) - Math.log(open[row]!);
    return 0.5 * range ** 2 - (2 * Math.log(2) - 1) * body ** 2;
  });
  expectColumn(run, 'garman_klass_20', (row) => root(windowAt(terms, row, 20)), { tolerance: 1e-10 });
});

const satchell = rows.map((row) => {
  const ratio = (a: Float64Array, b: Float64Array) => Math.log(a[row]! / b[row]!);
  return ratio(high, close) * ratio(high, open) + ratio(low, close) * ratio(low, open);
});

test('rogers_satchell_20, in the form of the paper', () => {
  expectColumn(run, 'rogers_satchell_20', (row) => root(windowAt(satchell, row, 20)), { tolerance: 1e-10 });
});

test('yang_zhang_20', () => {
  const between = rows.map((row) => Math.log(open[row]! / (close[row - 1] ?? Number.NaN)));
  const within = rows.map((row) => Math.log(close[row]! / open[row]!));
  const k = 0.34 / (1.34 + 21 / 19);
  expectColumn(
    run,
    'yang_zhang_20',
    (row) => {
      const [a, b] = [sampleDeviation(windowAt(between, row, 20)), sampleDeviation(windowAt(within, row, 20))];
      return Math.sqrt(a ** 2 + k * b ** 2 + (1 - k) * meanOf(windowAt(satchell, row, 20)));
    },
    { tolerance: 1e-10 },
  );
});

test('ulcer_14', () => {
  const falls = rows.map((row) => {
    const window = windowAt(close, row, 14);
    return window.length ? (100 * (close[row]! / Math.max(...window) - 1)) ** 2 : Number.NaN;
  });
  expectColumn(run, 'ulcer_14', (row) => root(windowAt(falls, row, 14)), { tolerance: 1e-9, scale: 1e-3 });
});

test('all estimators say what was put in: a random walk of 1 % a candle', () => {
  // Close to close over 20,000 candles made of 200 steps each, so that highs and lows are nearly those of a path.
  const walk = sampleCandles('1m', 20_000);
  let seed = 1;
  const random = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) | 0;
    return (seed >>> 0) / 2 ** 32;
  };
  let price = 0;
  for (let i = 0; i < walk.length; i++) {
    let [top, bottom] = [price, price];
    walk.open[i] = Math.exp(price);
    for (let step = 0; step < 200; step++) {
      price += (random() < 0.5 ? -0.01 : 0.01) / Math.sqrt(200);
      top = Math.max(top, price);
      bottom = Math.min(bottom, price);
    }
    walk.high[i] = Math.exp(top);
    walk.low[i] = Math.exp(bottom);
    walk.close[i] = Math.exp(price);
  }
  const estimators = ['realized_vol_96', 'parkinson_20', 'garman_klass_20', 'rogers_satchell_20'] as const;
  const { columns } = createFeatureEngine('1m', featureRows(estimators)).run(walk);
  const variance = (values: Float64Array) => meanOf([...values].filter((v) => !Number.isNaN(v)).map((v) => v * v));
  for (const name of estimators) {
    const ratio = Math.sqrt(variance(columns[name])) / 0.01;
    // Steps of a finite size make the range a little too small.
    expect([name, ratio > 0.92 && ratio < 1.03]).toEqual([name, true]);
  }
});
