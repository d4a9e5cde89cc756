import { createFeatureEngine } from '../../lib/features/engine.ts';
import { roughCandles } from '../support/candles.ts';
import { expectColumn, meanOf, windowAt } from './expect-column.ts';

// Each column a second time in the most obvious way, with candles without trades and volumes 2^44 times the usual.
const candles = roughCandles('1h', 500, 22);
const { open, high, low, close, volume, takerBuyVolume, quoteVolume, trades } = candles;
for (const row of [...close.keys()].filter((row) => row % 9 === 0)) {
  trades[row] = 0;
  quoteVolume[row] = 0;
}
const run = createFeatureEngine('1h').run(candles);
const rows = [...close.keys()];
const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
const full = (row: number, length: number) => (row < length - 1 ? Number.NaN : 1);
const place = (row: number) => {
  const range = high[row]! - low[row]!;
  return range === 0 ? 0 : (2 * close[row]! - high[row]! - low[row]!) / range;
};
const largest = Math.max(...volume);

test('ad and adosc_3_10, by running the averages over the sum itself', () => {
  let sum = 0;
  const sums = rows.map((row) => {
    sum += place(row) * volume[row]!;
    return sum;
  });
  expectColumn(run, 'ad', (row) => sums[row]!, { tolerance: 1e-9, scale: largest });
  const average = (length: number) => {
    let mean = sums[0]!;
    return sums.map((value) => {
      mean += ((value - mean) * 2) / (length + 1);
      return mean;
    });
  };
  const [fast, slow] = [average(3), average(10)];
  expectColumn(run, 'adosc_3_10', (row) => fast[row]! - slow[row]! + 0 * full(row, 10), { scale: largest });
});

test('adosc_3_10 keeps its digits where ad has grown large', () => {
  // A volume of 2^80 once: an average of the sum itself would be blind to what comes after for good.
  const grown = roughCandles('1h', 400, 23);
  grown.volume.fill(8);
  grown.volume[0] = 2 ** 80;
  const small = { ...grown, volume: grown.volume.slice() };
  small.volume[0] = 0;
  const { adosc_3_10: large } = createFeatureEngine('1h').run(grown).columns;
  const { adosc_3_10: usual } = createFeatureEngine('1h').run(small).columns;
  for (const row of [100, 399]) expect(large[row]).toBeCloseTo(usual[row]!, 9);
});

test('cmf_20', () => {
  const flows = rows.map((row) => place(row) * volume[row]!);
  expectColumn(run, 'cmf_20', (row) => total(windowAt(flows, row, 20)) / total(windowAt(volume, row, 20)), {
    scale: 1,
  });
});

test('force_13', () => {
  const forces = rows.map((row) => (close[row]! - close[row - 1]!) * volume[row]!);
  let mean = meanOf(forces.slice(1, 14));
  const means = rows.map((row) => {
    if (row > 13) mean = mean * (12 / 14) + forces[row]! * (2 / 14);
    return row < 13 ? Number.NaN : mean;
  });
  expectColumn(run, 'force_13', (row) => means[row]!, { scale: largest });
});

test('eom_14: a candle without volume counts as no movement', () => {
  const eases = rows.map((row) => {
    const moved = (high[row]! + low[row]!) / 2 - (high[row - 1]! + low[row - 1]!) / 2;
    const box = volume[row]! / 1e8 / (high[row]! - low[row]!);
    return volume[row] === 0 || (high[row] === low[row] && row > 0) ? 0 : moved / box;
  });
  expect(rows.filter((row) => volume[row] === 0).length).toBeGreaterThan(20);
  // Spikes to 1e8 are subtracted from one another: their size is the scale.
  expectColumn(run, 'eom_14', (row) => (row < 14 ? Number.NaN : meanOf(windowAt(eases, row, 14))), { scale: 1e8 });
});

test('vwma_20, volume_sma_20 and volume_ratio_20', () => {
  const traded = rows.map((row) => close[row]! * volume[row]!);
  expectColumn(run, 'vwma_20', (row) => total(windowAt(traded, row, 20)) / total(windowAt(volume, row, 20)));
  expectColumn(run, 'volume_sma_20', (row) => meanOf(windowAt(volume, row, 20)));
  expectColumn(run, 'volume_ratio_20', (row) => volume[row]! / meanOf(windowAt(volume, row, 20)));
});

test('delta_volume and trade_size', () => {
  expectColumn(run, 'delta_volume', (row) => takerBuyVolume[row]! - (volume[row]! - takerBuyVolume[row]!), {
    scale: 1e-3,
  });
  expectColumn(run, 'trade_size', (row) => volume[row]! / trades[row]!);
  expect(run.columns.trade_size[9]).toBeNaN();
});

test('amihud_20 is the mean over the candles with trades', () => {
  expectColumn(run, 'amihud_20', (row) => {
    const window = row < 20 ? [] : rows.slice(row - 19, row + 1).filter((at) => quoteVolume[at]! > 0);
    return meanOf(window.map((at) => Math.abs(Math.log(close[at]! / close[at - 1]!)) / quoteVolume[at]!));
  });
});

test('amihud_20 is undefined if fewer than half of the candles have trades', () => {
  const quiet = roughCandles('1h', 60, 24);
  for (let row = 20; row < 31; row++) quiet.quoteVolume[row] = 0;
  const { amihud_20 } = createFeatureEngine('1h').run(quiet).columns;
  expect([29, 30, 39, 40].map((row) => Number.isNaN(amihud_20[row]))).toEqual([false, true, true, false]);
});

test('the parts of a candle, its range and its gap', () => {
  const range = (row: number) => high[row]! - low[row]!;
  expectColumn(run, 'body_ratio', (row) => Math.abs(close[row]! - open[row]!) / range(row));
  expectColumn(run, 'upper_shadow_ratio', (row) => (high[row]! - Math.max(open[row]!, close[row]!)) / range(row));
  expectColumn(run, 'lower_shadow_ratio', (row) => (Math.min(open[row]!, close[row]!) - low[row]!) / range(row));
  expectColumn(run, 'range_ratio', (row) => range(row) / close[row]!);
  expectColumn(run, 'gap_open', (row) => open[row]! / (close[row - 1] ?? Number.NaN) - 1, { scale: 1 });
});

test.each([2, 3, 30] as const)('return_%i', (lag) => {
  expectColumn(run, `return_${lag}`, (row) => close[row]! / (close[row - lag] ?? Number.NaN) - 1, { scale: 1 });
});

test.each([1, 2, 3, 4, 5] as const)('return_1_lag_%i', (lag) => {
  expectColumn(run, `return_1_lag_${lag}`, (row) => close[row - lag]! / (close[row - lag - 1] ?? Number.NaN) - 1, {
    scale: 1,
  });
});
