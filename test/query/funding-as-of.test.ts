import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { duckdbQueryEngine } from '../../lib/adapters/local/duckdb-query-engine.ts';
import { STREAM_TABLE } from '../../lib/domain/stream-table.ts';
import { streamTableKey } from '../../lib/lake/stream-keys.ts';
import { encodeTable } from '../../lib/parquet/encode-table.ts';
import { columnsOf } from '../../lib/parquet/table-values.ts';
import type { QueryEngine } from '../../lib/ports.ts';
import { namedQueries } from '../../lib/query/named-queries.ts';
import { awkwardFolder, writeShards } from '../support/query-lake.ts';
import { HOUR_MS } from '../support/time.ts';

const DUE = Date.parse('2024-01-01T01:00Z');
const BTC = { market: 'um', symbol: 'BTCUSDT', interval: '15m' } as const;

let engine: QueryEngine;
beforeAll(async () => {
  const folder = awkwardFolder();
  const shard = { period: '2024', from: '2024-01-01', rows: 16, minutes: 15 };
  await writeShards(folder, [
    { table: 'candles', series: BTC, ...shard },
    { table: 'features', series: BTC, ...shard },
    { table: 'candles', series: { ...BTC, symbol: 'ETHUSDT' }, ...shard },
    { table: 'features', series: { ...BTC, symbol: 'ETHUSDT' }, ...shard },
  ]);
  // Paid at the hour, then 13 ms behind it, then at the hour again.
  const times = [DUE, DUE + HOUR_MS + 13, DUE + 2 * HOUR_MS];
  const { schema } = STREAM_TABLE.funding;
  const columns = columnsOf(
    schema,
    times.map((timeMs, i) => ({
      funding_time: timeMs,
      scheduled_time: Math.floor(timeMs / HOUR_MS) * HOUR_MS,
      funding_rate: [0.1, 0.2, 0.3][i],
      funding_interval_hours: [1, undefined, 1][i],
      mark_price: [undefined, 5, undefined][i],
      known_at: timeMs,
      source: ['archive_monthly', 'rest', 'archive_monthly'][i],
    })),
  );
  const path = join(folder, streamTableKey({ name: 'funding', market: 'um', symbol: 'BTCUSDT' }, '2024'));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, encodeTable(schema, 3, columns));
  engine = await duckdbQueryEngine(folder);
});
afterAll(async () => {
  await engine.close();
});

test.each([['BTCUSDT', 'ETHUSDT'], ['all']])(
  'a candle has the funding known at its close and no later one',
  async (...symbols) => {
    const query = namedQueries({ market: 'um', symbols, interval: '15m' }).find(
      ({ name }) => name === 'funding-as-of',
    )!;
    const { columns, rows } = await engine.query(query.sql);
    const at = (name: string) => columns.findIndex((column) => column.name === name);
    expect(rows).toHaveLength(32);
    const rates = rows.filter((row) => row[at('symbol')] === 'BTCUSDT').map((row) => row[at('funding_rate')]);
    // The candle that closes at 02:00 does not know what was paid 13 ms behind.
    expect(rates).toEqual([null, null, null, 0.1, 0.1, 0.1, 0.1, 0.1, 0.2, 0.2, 0.2, 0.3, 0.3, 0.3, 0.3, 0.3]);
    for (const row of rows) {
      const known = row[at('funding_known_at')] as string | null;
      if (known !== null) expect(Date.parse(known)).toBeLessThanOrEqual(Date.parse(row[at('known_at')] as string));
    }
    expect(rows.filter((row) => row[at('symbol')] === 'ETHUSDT').every((row) => row[at('funding_rate')] === null)).toBe(
      true,
    );
  },
);

test('the tables of streams are there, empty or not, with their own partitions', async () => {
  const { rows } = await engine.query('SELECT symbol, period, count(*), count(mark_price) FROM funding GROUP BY ALL');
  expect(rows).toEqual([['BTCUSDT', '2024', 3, 1]]);
  for (const table of ['instruments', 'open_interest', 'mark_candles']) {
    expect((await engine.query(`SELECT count(*) FROM ${table}`)).rows).toEqual([[0]]);
  }
});
