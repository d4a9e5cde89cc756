import type { QueryEngine } from '../../lib/ports.ts';
import { assertReads } from '../../lib/query/assert-reads.ts';
import { query } from '../../lib/query/query.ts';

const engine: QueryEngine = {
  query: async (sql) => ({ columns: [{ name: 'sql', type: 'VARCHAR' }], rows: [[sql]] }),
  close: async () => {},
};

test('the engine is asked what was asked', async () => {
  expect((await query({ sql: ' SELECT 1; ' }, engine)).rows).toEqual([[' SELECT 1; ']]);
});

test.each(['', '  \n', '-- only a comment', '/* nor */ -- this'])('no SQL is no question: %j', async (sql) => {
  await expect(query({ sql }, engine)).rejects.toMatchObject({ name: 'BadInput' });
});

test.each([
  'select 1',
  '-- why\nSELECT 1',
  '/* a */ (SELECT 1) UNION (SELECT 2)',
  'WITH x AS (SELECT 1) FROM x',
  'explain analyze select 1',
  'EXPLAIN WITH x AS (SELECT 1) SELECT * FROM x',
  'describe candles',
])('reads: %s', (sql) => {
  expect(() => assertReads(sql)).not.toThrow();
});

test.each([
  ['DROP TABLE candles', 'DROP'],
  ['-- SELECT\nDELETE FROM candles', 'DELETE'],
  ['EXPLAIN ANALYZE INSERT INTO candles VALUES (1)', 'INSERT'],
  ['EXPLAIN (FORMAT JSON) COPY x TO y', '(FORMAT JS'],
  ['UNLOAD (SELECT 1) TO x', 'UNLOAD'],
  ["'SELECT'", "'SELECT'"],
])('does not only read: %s', (sql, word) => {
  expect(() => assertReads(sql)).toThrow(`sql must be a SELECT statement, got one that begins with '${word}'`);
});
