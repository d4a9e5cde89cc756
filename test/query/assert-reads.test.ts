import { assertReads } from '../../lib/query/assert-reads.ts';

test.each(['', '  \n', '-- only a comment', '/* nor */ -- this'])('no SQL is no question: %j', (sql) => {
  expect(() => assertReads(sql)).toThrow('sql must be a SELECT statement');
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
