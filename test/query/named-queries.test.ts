import { duckdbQueryEngine } from '../../lib/adapters/local/duckdb-query-engine.ts';
import type { QueryEngine } from '../../lib/ports.ts';
import { assertReads } from '../../lib/query/assert-reads.ts';
import { namedQueries } from '../../lib/query/named-queries.ts';
import { prestoViewText } from '../../lib/query/presto-view.ts';
import { VIEWS } from '../../lib/query/views.ts';
import { awkwardFolder, type SmallShard, writeShards } from '../support/query-lake.ts';
import { grammarErrors, hasTrinoGrammar } from './trino-grammar.ts';

const BTC = { market: 'um', symbol: 'BTCUSDT', interval: '15m' } as const;
const ETH = { ...BTC, symbol: 'ETHUSDT' } as const;
const SOL = { ...BTC, symbol: 'SOLUSDT' } as const;
const QUERIES = namedQueries({ market: 'um', symbols: ['BTCUSDT', 'ETHUSDT'], interval: '15m' });
const ALL = namedQueries({ market: 'um', symbols: ['all'], interval: '15m' });

const GAP = {
  from_time: `TIMESTAMPTZ '2024-01-01 00:45:00+00'`,
  to_time: `TIMESTAMPTZ '2024-01-01 01:30:00+00'`,
  class: `'exchange_absent'`,
  intervals: '3',
  candles: '0',
  known_at: `TIMESTAMPTZ '2024-02-01 00:00:00+00'`,
  evidence: `'{"asked":2}'`,
};

function shard(table: SmallShard['table'], more: Partial<SmallShard> = {}): SmallShard {
  return { table, series: BTC, period: '2024', from: '2024-01-01', rows: 8, minutes: 15, ...more };
}

let engine: QueryEngine;
beforeAll(async () => {
  const folder = awkwardFolder();
  const candles = { open: 'i + 1', close: 'i + 2', high: '10 + i', low: '-i', volume: '2', gap_before: '0' };
  const labels = { signal: 'CASE WHEN i < 2 THEN NULL WHEN i < 5 THEN 1 ELSE 0 END', uniqueness: '0.5' };
  await writeShards(folder, [
    shard('candles', { values: { ...candles, gap_before: 'CASE i WHEN 4 THEN 3 ELSE 0 END' } }),
    shard('features', { values: { return_1: '0.5', rsi_14: 'i' } }),
    shard('labels', { values: labels }),
    shard('candles', { series: ETH, values: candles, from: '2023-12-31 23:45', period: '2023', rows: 1 }),
    shard('candles', { series: ETH, values: candles }),
    shard('features', { series: ETH, values: { return_1: '0.7', rsi_14: '100 + i' } }),
    shard('gaps', { values: GAP, rows: 1 }),
    shard('gaps', { series: ETH, values: GAP, rows: 0 }),
    // A symbol of the market that is not on the watch list.
    shard('gaps', { series: SOL, values: GAP, rows: 1 }),
    shard('candles', { series: SOL, values: candles }),
    shard('features', { series: SOL, values: { return_1: '0.6' } }),
  ]);
  engine = await duckdbQueryEngine(folder);
});
afterAll(() => engine.close());

async function answer(name: string, queries = QUERIES): Promise<unknown[]> {
  const { columns, rows } = await engine.query(queries.find((query) => query.name === name)!.sql);
  return rows.map((row) => Object.fromEntries(row.map((value, i) => [columns[i]!.name, value])));
}

test('latest features: one row a symbol of the watch list, the newest', async () => {
  const newest = { open_time: '2024-01-01T01:45:00Z' };
  expect(await answer('latest-features')).toMatchObject([
    { ...newest, symbol: 'BTCUSDT', rsi_14: 7 },
    { ...newest, symbol: 'ETHUSDT', rsi_14: 107 },
  ]);
  expect(await answer('latest-features', ALL)).toHaveLength(3);
});

test('gaps: the ledger of the watch list in order', async () => {
  expect(await answer('gaps')).toEqual([
    {
      ...BTC,
      from_time: '2024-01-01T00:45:00Z',
      to_time: '2024-01-01T01:30:00Z',
      class: 'exchange_absent',
      intervals: 3,
      candles: 0,
      known_at: '2024-02-01T00:00:00Z',
      evidence: '{"asked":2}',
    },
  ]);
});

test('hourly resample: first open, highest, lowest, last close, sums', async () => {
  const rows = await answer('hourly-resample');
  expect(rows).toHaveLength(5);
  expect(rows.slice(0, 2)).toMatchObject([
    {
      symbol: 'BTCUSDT',
      open_time: '2024-01-01T00:00:00Z',
      open: 1,
      high: 13,
      low: -3,
      close: 5,
      volume: 8,
      candles: 4,
    },
    {
      symbol: 'BTCUSDT',
      open_time: '2024-01-01T01:00:00Z',
      open: 5,
      high: 17,
      low: -7,
      close: 9,
      volume: 8,
      candles: 4,
    },
  ]);
  expect(rows[2]).toMatchObject({ symbol: 'ETHUSDT', open_time: '2023-12-31T23:00:00Z', candles: 1 });
});

test('cross-section: the whole market at its newest instant, ranked', async () => {
  const at = { open_time: '2024-01-01T01:45:00Z' };
  expect(await answer('cross-section')).toMatchObject([
    { ...at, symbol: 'ETHUSDT', return_rank: 1 },
    { ...at, symbol: 'SOLUSDT', return_rank: 2 },
    { ...at, symbol: 'BTCUSDT', return_rank: 3 },
  ]);
});

test('label balance: shares of the decided rows', async () => {
  expect(await answer('label-balance')).toMatchObject([
    { symbol: 'BTCUSDT', signal: 0, row_count: 3, share: 0.5, weight: 1.5 },
    { symbol: 'BTCUSDT', signal: 1, row_count: 3, share: 0.5, weight: 1.5 },
  ]);
});

test('coverage: every series and period of the market', async () => {
  const day = { first_open_time: '2024-01-01T00:00:00Z', last_open_time: '2024-01-01T01:45:00Z', candles: 8 };
  expect(await answer('coverage')).toMatchObject([
    { ...BTC, period: '2024', ...day, missing: 3 },
    { ...ETH, period: '2023', candles: 1, missing: 0 },
    { ...ETH, period: '2024', ...day, missing: 0 },
    { ...SOL, period: '2024', ...day, missing: 0 },
  ]);
});

test('dataset for a model: what the view of the model holds', async () => {
  const { rows } = await engine.query(`SELECT * FROM ml_xgboost WHERE symbol = 'BTCUSDT' ORDER BY open_time`);
  const asked = await engine.query(QUERIES.find(({ name }) => name === 'dataset-for-a-model')!.sql);
  expect(asked.rows).toEqual(rows);
});

test('named queries only read, and are named once each', () => {
  for (const { sql } of [...QUERIES, ...ALL]) expect(() => assertReads(sql)).not.toThrow();
  expect(new Set(QUERIES.map(({ name }) => name)).size).toBe(QUERIES.length);
  expect(ALL.map(({ sql }) => sql).join()).not.toContain('symbol IN');
});

test('a quote in a name cannot end the literal', () => {
  const [first] = namedQueries({ market: 'um', symbols: [`A' OR '1'='1`], interval: '15m' });
  expect(first!.sql).toContain(`symbol IN ('A'' OR ''1''=''1')`);
});

test.each(VIEWS.map((view) => [view.name, view] as const))('view %s says the columns that it has', async (_, view) => {
  const { columns } = await engine.query(`SELECT * FROM ${view.name} LIMIT 0`);
  expect(view.columns.map(({ name }) => name)).toEqual(columns.map(({ name }) => name));
  const text = /^\/\* Presto View: ([A-Za-z0-9+/=]+) \*\/$/.exec(prestoViewText(view, 'my_lake'))![1]!;
  expect(JSON.parse(Buffer.from(text, 'base64').toString('utf8'))).toEqual({
    originalSql: view.athena,
    catalog: 'awsdatacatalog',
    schema: 'my_lake',
    columns: view.columns,
  });
  // Glue takes no more.
  expect(prestoViewText(view, 'my_lake').length).toBeLessThan(409_600);
});

const GRAMMAR = hasTrinoGrammar();

describe(GRAMMAR ? 'the grammar of Trino' : 'the grammar of Trino (skipped: dt-sql-parser is not installed)', () => {
  const check = GRAMMAR ? test : test.skip;

  check('takes every view and named query', () => {
    const all = [
      ...VIEWS.map(({ name, athena }) => [name, athena]),
      ...[...QUERIES, ...ALL].map((q) => [q.name, q.sql]),
    ];
    const errors = grammarErrors(all.map(([, sql]) => sql!));
    expect(all.map(([name], i) => [name, errors[i]])).toEqual(all.map(([name]) => [name, []]));
  });

  check('does not take what only DuckDB understands', () => {
    const foreign = ['SELECT a::int FROM t', 'SELECT * EXCLUDE (a) FROM t', 'FROM t', 'SELEC 1'];
    expect(grammarErrors(foreign).filter((errors) => errors.length === 0)).toEqual([]);
  });
});
