import { describeFeatures } from '../../lib/features/describe.ts';
import { createFeatureEngine } from '../../lib/features/engine.ts';
import { type FeatureRow, outputsOf } from '../../lib/features/feature-row.ts';
import { FEATURES_SCHEMA } from '../../lib/features/schema.ts';
import { featureRows, TABLE } from '../../lib/features/table.ts';
import { roughCandles } from '../support/candles.ts';

const rows: readonly FeatureRow[] = TABLE;
const columns = rows.flatMap((row) => row.columns);

// Published names: a change here is a change of contract.
const PUBLISHED = `
  sma_20 ema_20 ema_200 macd_12_26_9 macd_12_26_9_signal macd_12_26_9_hist plus_di_14 minus_di_14 adx_14 rsi_14
  stoch_14_3_3_k stoch_14_3_3_d cci_20 roc_10 atr_14 bbands_20_2_upper bbands_20_2_middle bbands_20_2_lower
  bbands_20_2_width bbands_20_2_percent obv mfi_14 cvd taker_ratio return_1 return_5 return_10 return_15 log_return_1
  hour_sin hour_cos weekday_sin weekday_cos candle_return volume_mean_1d volume_std_1d taker_ratio_mean_2d
  taker_ratio_std_2d taker_ratio_zscore_2d volatility_7d volume_ema_20 volatility_7d_ema_20 near_top_1d near_top_2d
  near_top_7d near_bottom_1d near_bottom_2d near_bottom_7d`
  .trim()
  .split(/\s+/);

test('every published column is there', () => {
  expect(columns.map((column) => column.name)).toEqual(expect.arrayContaining(PUBLISHED));
});

test('names are snake_case and given once', () => {
  const names = rows.flatMap(outputsOf);
  expect(names.filter((name) => !/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name))).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
});

test('running totals are float64, flags int8, all else float32', () => {
  const typed = (type: string) =>
    columns.filter((c) => c.type === type && PUBLISHED.includes(c.name)).map((c) => c.name);
  expect(typed('float64')).toEqual(['obv', 'cvd']);
  expect(typed('int8')).toEqual(PUBLISHED.filter((name) => name.startsWith('near_')));
});

test('every column has a meaning and a source', () => {
  expect(columns.filter((column) => column.meaning.length < 10 || column.source === '')).toEqual([]);
});

test('the schema is the two times and the columns of the table, in order', () => {
  expect(FEATURES_SCHEMA.columns.map(({ name, type, nullable }) => [name, type, nullable])).toEqual([
    ['open_time', 'timestamp', false],
    ['known_at', 'timestamp', false],
    ...columns.map(({ name, type }) => [name, type, true]),
  ]);
});

test('a description has parameters and a warm-up, and none if the interval is longer than the window', () => {
  const describe = (interval: '15m' | '3d') => new Map(describeFeatures(interval).map((row) => [row.name, row]));
  expect(describe('15m').get('macd_12_26_9_hist')).toMatchObject({
    parameters: 'fast=12 slow=26 signal=9',
    warmUp: 33,
  });
  expect(describe('15m').get('near_top_2d')).toMatchObject({ type: 'int8', warmUp: 191 });
  expect(describe('3d').get('near_top_2d')).toMatchObject({ warmUp: null });
});

test('featureRows returns the rows of the columns and of all that they read, in the order of the table', () => {
  const chosen = featureRows(['stochrsi_14_14_3_k', 'return_1']);
  expect(chosen.flatMap(outputsOf)).toEqual([
    ...['close_change', 'close_move', 'gain_14', 'loss_14', 'rsi_14', 'highest_rsi_14', 'lowest_rsi_14'],
    ...['stochrsi_raw_14', 'stochrsi_14_14_3_k', 'stochrsi_14_14_3_d', 'return_1'],
  ]);
  const candles = roughCandles('4h', 60, 1);
  const whole = createFeatureEngine('4h').run(candles).columns;
  const few = createFeatureEngine('4h', chosen).run(candles).columns;
  expect(few.stochrsi_14_14_3_k).toEqual(whole.stochrsi_14_14_3_k);
  expect(() => featureRows(['rsi_14', 'rsi_15'])).toThrow(
    "feature must be a column of the feature table, got 'rsi_15'",
  );
});
