import { createFeatureEngine } from '../../lib/features/engine.ts';
import { roughCandles, sampleCandles } from '../support/candles.ts';
import { expectValues } from './expect-values.ts';

// Columns that TA-Lib does not have, written a second time as their sources put it.
const candles = roughCandles('1h', 500, 11);
const { high, low, close } = candles;
const { columns } = createFeatureEngine('1h').run(candles);
const rows = [...close.keys()];
const median = rows.map((row) => (high[row]! + low[row]!) / 2);

const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
/** Mean of the last `length` values at a row; undefined if the window is not full. */
const average = (values: number[], row: number, length: number) =>
  row < length - 1 ? Number.NaN : mean(values.slice(row - length + 1, row + 1));

test('ao_5_34', () => {
  expectValues('ao_5_34', columns.ao_5_34, (row) => average(median, row, 5) - average(median, row, 34), 12, 1000);
});

test('tsi_25_13: the change and its size, each an EMA 13 of an EMA 25', () => {
  const ema = (values: number[], length: number) => {
    const first = values.findIndex((value) => !Number.isNaN(value)) + length - 1;
    let last = mean(values.slice(first - length + 1, first + 1));
    return values.map((value, row) => {
      if (row > first) last = (2 * value + (length - 1) * last) / (length + 1);
      return row < first ? Number.NaN : last;
    });
  };
  const change = rows.map((row) => close[row]! - (close[row - 1] ?? Number.NaN));
  const smoothed = ema(ema(change, 25), 13);
  const size = ema(ema(change.map(Math.abs), 25), 13);
  expect(smoothed.findIndex((value) => !Number.isNaN(value))).toBe(37);
  expectValues('tsi_25_13', columns.tsi_25_13, (row) => (100 * smoothed[row]!) / size[row]!, 11);
});

test('tsi_25_13 is undefined if nothing has moved', () => {
  const run = createFeatureEngine('1h').run(sampleCandles('1h', 60, 'flat'));
  expect([...run.columns.tsi_25_13]).toEqual(Array(60).fill(Number.NaN));
});

test('kst and kst_signal', () => {
  const roc = (lag: number) => rows.map((row) => 100 * (close[row]! / (close[row - lag] ?? Number.NaN) - 1));
  const rates = [roc(10), roc(15), roc(20), roc(30)] as const;
  const kst = rows.map(
    (row) =>
      average(rates[0], row, 10) +
      2 * average(rates[1], row, 10) +
      3 * average(rates[2], row, 10) +
      4 * average(rates[3], row, 15),
  );
  expect(kst.findIndex((value) => !Number.isNaN(value))).toBe(44);
  expectValues('kst', columns.kst, (row) => kst[row]!, 11);
  expectValues('kst_signal', columns.kst_signal, (row) => average(kst, row, 9), 11);
});

describe('fisher_9', () => {
  /** Ehlers' EasyLanguage, with Len 9; a window without range has its price in the middle. */
  function ehlers(price: number[]): number[] {
    let [value, fish] = [0, 0];
    return price.map((now, row) => {
      if (row < 8) return Number.NaN;
      const recent = price.slice(row - 8, row + 1);
      const [highest, lowest] = [Math.max(...recent), Math.min(...recent)];
      const place = highest === lowest ? 0.5 : (now - lowest) / (highest - lowest);
      value = 0.33 * 2 * (place - 0.5) + 0.67 * value;
      if (value > 0.99) value = 0.999;
      if (value < -0.99) value = -0.999;
      fish = 0.5 * Math.log((1 + value) / (1 - value)) + 0.5 * fish;
      return fish;
    });
  }

  test('is what the published code gives', () => {
    const expected = ehlers(median);
    expectValues('fisher_9', columns.fisher_9, (row) => expected[row]!, 11);
    expect(expected.some((value) => value > 2) && expected.some((value) => value < -2)).toBe(true);
  });

  test('goes to its limit, ln 1999, in an endless rise, and is 0 if nothing moves', () => {
    const last = (shape: 'rising' | 'falling' | 'flat') =>
      createFeatureEngine('1h').run(sampleCandles('1h', 200, shape)).columns.fisher_9[199]!;
    expect(last('rising')).toBeCloseTo(Math.log(1999), 10);
    expect(last('falling')).toBeCloseTo(-Math.log(1999), 10);
    expect(last('flat')).toBe(0);
  });
});
