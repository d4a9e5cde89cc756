import { duckdbQueryEngine } from '../../lib/adapters/local/duckdb-query-engine.ts';
import { describeFeatures } from '../../lib/features/describe.ts';
import type { QueryEngine } from '../../lib/ports.ts';
import { TRAINING_VIEWS } from '../../lib/query/views.ts';
import { awkwardFolder, type SmallShard, writeShards } from '../support/query-lake.ts';

const BTC = { market: 'um', symbol: 'BTCUSDT', interval: '15m' } as const;
const ETH = { ...BTC, symbol: 'ETHUSDT' } as const;
const SETS = ['xgboost', 'mlp', 'lstm'] as const;

function shard(table: SmallShard['table'], more: Partial<SmallShard> = {}): SmallShard {
  return { table, series: BTC, period: '2024', from: '2024-01-01', rows: 20, minutes: 15, ...more };
}

const END = `(TIMESTAMPTZ '2024-01-01' + to_minutes((i * 15 + 60)::INT))`;
const labels = {
  signal: 'CASE WHEN i = 5 THEN NULL ELSE i % 3 END',
  signal_t1: END,
  known_at: END,
  uniqueness: 'i / 100',
};

let engine: QueryEngine;
beforeAll(async () => {
  const folder = awkwardFolder();
  await writeShards(folder, [
    shard('candles'),
    // The features of row 7 were known a minute after their candle had closed, those of row 8 a day.
    shard('features', {
      values: {
        rsi_14: 'i',
        known_at:
          `TIMESTAMPTZ '2024-01-01' + ` +
          `to_minutes((i * 15 + 15 + CASE i WHEN 7 THEN 1 WHEN 8 THEN 1440 ELSE 0 END)::INT)`,
      },
    }),
    // Two rows are not decided yet; row 5 has no label; the label of row 9 says that it ended as it began.
    shard('labels', {
      rows: 18,
      values: { ...labels, signal_t1: `CASE i WHEN 9 THEN TIMESTAMPTZ '2024-01-01 02:30' ELSE ${END} END` },
    }),
    shard('candles', { series: ETH, rows: 3 }),
    shard('features', { series: ETH, rows: 3, values: { rsi_14: '1000 + i' } }),
    // Labels of a quarter of an hour later, by another clock: they meet the features of their own open time.
    shard('labels', { series: ETH, rows: 3, from: '2024-01-01 00:15', values: { ...labels, signal: '2' } }),
  ]);
  engine = await duckdbQueryEngine(folder);
});
afterAll(() => engine.close());

test.each(SETS)(
  'ml_%s: keys, the columns of its set in the order of the table, the label with t1 and weight',
  async (set) => {
    const { columns } = await engine.query(`SELECT * FROM ml_${set} LIMIT 0`);
    const features = describeFeatures('15m').filter(({ sets }) => sets.includes(set));
    expect(features.length).toBeGreaterThan(5);
    expect(columns.map(({ name }) => name)).toEqual([
      'market',
      'symbol',
      'interval',
      'period',
      'open_time',
      'known_at',
      ...features.map(({ name }) => name),
      'signal',
      't1',
      'weight',
      'label_known_at',
    ]);
  },
);

test.each(SETS)('ml_%s: decided labels only, none with features that were known later than it begins', async (set) => {
  const { rows } = await engine.query(
    `SELECT minute(open_time) / 15 + hour(open_time) * 4, signal, weight
     FROM ml_${set} WHERE symbol = 'BTCUSDT' ORDER BY open_time`,
  );
  const expected = [...Array(18).keys()].filter((i) => ![5, 7, 8, 9].includes(i)).map((i) => [i, i % 3, i / 100]);
  expect(rows).toEqual(expected);
});

test('a label joins the features of its own open time', async () => {
  const { rows } = await engine.query(
    `SELECT strftime(open_time, '%H:%M'), rsi_14, weight FROM ml_xgboost WHERE symbol = 'ETHUSDT' ORDER BY open_time`,
  );
  expect(rows).toEqual([
    ['00:15', 1001, 0],
    ['00:30', 1002, 0.01],
  ]);
});

test('both engines read the same columns of the same tables', () => {
  expect(TRAINING_VIEWS.map(({ name }) => name)).toEqual(SETS.map((set) => `ml_${set}`));
  // No function and no type of one dialect: the text serves both.
  for (const { duckdb, athena } of TRAINING_VIEWS) {
    expect(athena).toBe(duckdb);
    expect(athena).not.toMatch(/[(;:]/);
  }
});
