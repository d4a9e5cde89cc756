import { type Candles, pickCandles } from '../../lib/domain/candles.ts';
import { createFeatureEngine } from '../../lib/features/engine.ts';
import { roughCandles, sampleCandles } from '../support/candles.ts';
import { expectValues } from './expect-values.ts';

// Columns that TA-Lib does not have, written a second time as their sources put it.
const candles = roughCandles('1h', 500, 11);
const { openTimeMs, high, low, close } = candles;
const { columns } = createFeatureEngine('1h').run(candles);
const rows = [...close.keys()];

const window = (x: Float64Array, row: number, length: number) => [
  ...x.subarray(Math.max(0, row - length + 1), row + 1),
];
const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
const fromRow = (first: number, value: (row: number) => number) => (row: number) =>
  row < first ? Number.NaN : value(row);
const trueRange = (row: number) =>
  Math.max(high[row]!, close[row - 1] ?? Number.NaN) - Math.min(low[row]!, close[row - 1] ?? Number.NaN);

test('hma_20: WMA(√n) of 2 WMA(n ÷ 2) − WMA(n), lengths truncated', () => {
  const wma = (x: (row: number) => number, length: number, row: number) => {
    const weighted = Array.from({ length }, (_, age) => (length - age) * x(row - age));
    return sum(weighted) / ((length * (length + 1)) / 2);
  };
  const raw = (row: number) => 2 * wma((at) => close[at]!, 10, row) - wma((at) => close[at]!, 20, row);
  expectValues(
    'hma_20',
    columns.hma_20,
    fromRow(22, (row) => wma(raw, 4, row)),
  );
});

test('ichimoku lines, none displaced', () => {
  const middle = (row: number, length: number) =>
    row < length - 1
      ? Number.NaN
      : (Math.max(...window(high, row, length)) + Math.min(...window(low, row, length))) / 2;
  expectValues('ichimoku_9_26_52_tenkan', columns.ichimoku_9_26_52_tenkan, (row) => middle(row, 9));
  expectValues('ichimoku_9_26_52_kijun', columns.ichimoku_9_26_52_kijun, (row) => middle(row, 26));
  expectValues(
    'ichimoku_9_26_52_span_a',
    columns.ichimoku_9_26_52_span_a,
    (row) => (middle(row, 9) + middle(row, 26)) / 2,
  );
  expectValues('ichimoku_9_26_52_span_b', columns.ichimoku_9_26_52_span_b, (row) => middle(row, 52));
});

test('vortex_14', () => {
  const over = (row: number, part: (row: number) => number) => sum(window(close, row, 14).map((_, i) => part(row - i)));
  const ranges = (row: number) => over(row, trueRange);
  // Sums of 14 flat candles are exactly zero: 0 ÷ 0 is undefined.
  expectValues(
    'vortex_14_plus',
    columns.vortex_14_plus,
    fromRow(14, (row) => over(row, (at) => Math.abs(high[at]! - low[at - 1]!)) / ranges(row)),
  );
  expectValues(
    'vortex_14_minus',
    columns.vortex_14_minus,
    fromRow(14, (row) => over(row, (at) => Math.abs(low[at]! - high[at - 1]!)) / ranges(row)),
  );
  expect(columns.vortex_14_plus.subarray(14).filter(Number.isNaN).length).toBeGreaterThan(20);
});

describe('vwap_day', () => {
  const vwapOf = ({ length, openTimeMs, high, low, close, volume }: Candles) => {
    const days = Array.from(openTimeMs, (time) => new Date(time).toISOString().slice(0, 10));
    const price = (at: number) => (high[at]! + low[at]! + close[at]!) / 3;
    return Array.from({ length }, (_, row) => {
      const today = rows.filter((at) => at <= row && days[at] === days[row]);
      return sum(today.map((at) => price(at) * volume[at]!)) / sum(today.map((at) => volume[at]!));
    });
  };

  test('is the mean since 00:00 UTC of the typical price by volume', () => {
    const vwap = vwapOf(candles);
    expectValues('vwap_day', columns.vwap_day, (row) => vwap[row]!);
    expectValues('close_vwap_day_ratio', columns.close_vwap_day_ratio, (row) => close[row]! / vwap[row]! - 1, 11);
  });

  test('begins again if the candles around midnight are missing', () => {
    const daytime = rows.filter((row) => new Date(openTimeMs[row]!).getUTCHours() % 20 > 3);
    const gaps = pickCandles(candles, Uint32Array.from(daytime));
    const vwap = vwapOf(gaps);
    expectValues('vwap_day', createFeatureEngine('1h').run(gaps).columns.vwap_day, (row) => vwap[row]!);
  });

  test('is undefined while the day has no volume', () => {
    const quiet = sampleCandles('1h', 60);
    const midnight = quiet.openTimeMs.findIndex((time) => time % 86_400_000 < 3_600_000);
    quiet.volume.fill(0, midnight, midnight + 3);
    const run = createFeatureEngine('1h').run(quiet).columns;
    const at = [midnight - 1, midnight, midnight + 2, midnight + 3].map((row) => Number.isNaN(run.vwap_day[row]!));
    expect(at).toEqual([false, true, true, false]);
  });

  test('is the typical price itself at 1d, and undefined at longer intervals', () => {
    const daily = sampleCandles('1d', 30);
    daily.openTimeMs.forEach((_, i) => {
      daily.openTimeMs[i] = i * 86_400_000;
    });
    expectValues('vwap_day', createFeatureEngine('1d').run(daily).columns.vwap_day, (row) => {
      return (daily.high[row]! + daily.low[row]! + daily.close[row]!) / 3;
    });
    const weekly = createFeatureEngine('1w').run(sampleCandles('1w', 300)).columns;
    expect(
      [weekly.vwap_day, weekly.close_vwap_day_ratio].flatMap((x) => [...x.filter((v) => !Number.isNaN(v))]),
    ).toEqual([]);
  });
});

test.each([
  ['close_sma_50_ratio', 'sma_50'],
  ['close_sma_200_ratio', 'sma_200'],
  ['close_ema_20_ratio', 'ema_20'],
] as const)('%s', (name, base) => {
  expectValues(name, columns[name], (row) => (close[row]! - columns[base][row]!) / columns[base][row]!);
});

describe('supertrend_10_3', () => {
  /** As Pine's manual has `ta.supertrend` (its direction 1 is down), but with plain arrays and the side remembered. */
  function pine({ high, low, close, length }: typeof candles) {
    const range = (i: number) => Math.max(high[i]!, close[i - 1]!) - Math.min(low[i]!, close[i - 1]!);
    const direction: number[] = Array(length).fill(Number.NaN);
    const value: number[] = Array(length).fill(Number.NaN);
    let atr = sum(Array.from({ length: 10 }, (_, i) => range(i + 1))) / 10;
    let [lowerBefore, upperBefore] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let i = 10; i < length; i++) {
      if (i > 10) atr += (range(i) - atr) / 10;
      const source = (high[i]! + low[i]!) / 2;
      const lower = source - 3 * atr > lowerBefore || close[i - 1]! < lowerBefore ? source - 3 * atr : lowerBefore;
      const upper = source + 3 * atr < upperBefore || close[i - 1]! > upperBefore ? source + 3 * atr : upperBefore;
      if (i === 10) direction[i] = 1;
      else if (direction[i - 1] === 1) direction[i] = close[i]! > upper ? -1 : 1;
      else direction[i] = close[i]! < lower ? 1 : -1;
      value[i] = direction[i] === -1 ? lower : upper;
      [lowerBefore, upperBefore] = [lower, upper];
    }
    return { direction, value };
  }

  test.each([
    ['an ordinary walk', sampleCandles('1h', 3000)],
    ['another', sampleCandles('1h', 3000, 'ordinary', 2)],
    ['a rough one', roughCandles('1h', 3000, 3)],
  ])('over %s', (_what, walk) => {
    const run = createFeatureEngine('1h').run(walk).columns;
    const { direction, value } = pine(walk);
    expectValues('supertrend_10_3', run.supertrend_10_3, (row) => value[row]!);
    expectValues('supertrend_10_3_direction', run.supertrend_10_3_direction, (row) => -direction[row]!);
    const turns = direction.filter((side, i) => i > 10 && side !== direction[i - 1]).length;
    expect(turns).toBeGreaterThan(8);
  });

  test('is below the price in a rise and above it in a fall', () => {
    const last = (shape: 'rising' | 'falling') => {
      const candles = sampleCandles('1h', 120, shape);
      const run = createFeatureEngine('1h').run(candles).columns;
      return [run.supertrend_10_3_direction[119], Math.sign(candles.close[119]! - run.supertrend_10_3[119]!)];
    };
    expect([last('rising'), last('falling')]).toEqual([
      [1, 1],
      [-1, -1],
    ]);
  });
});

test('weighted windows do not remember what has left them', () => {
  const long = sampleCandles('1m', 12_000, 'ordinary', 5);
  for (let i = 0; i < long.length; i++) long.close[i] = (1e6 + (long.close[i]! % 7)) * (i === 9000 ? 1e9 : 1);
  const ours = createFeatureEngine('1m').run(long).columns;
  const wma = (row: number) => sum(window(long.close, row, 20).map((value, i) => (i + 1) * value)) / 210;
  for (const row of [8999, 9020, 10_000, 11_999])
    expect(Math.abs(ours.wma_20[row]! / wma(row) - 1)).toBeLessThan(1e-14);
});
