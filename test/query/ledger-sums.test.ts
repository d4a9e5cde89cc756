import type { QueryEngine, QueryResult } from '../../lib/ports.ts';
import { ledgerSums } from '../../lib/query/ledger-sums.ts';

/** Answers of the two tables, in which a series has what is given. */
function engineOf(candles: Record<string, unknown>, gaps: Record<string, unknown>): QueryEngine {
  const answer = (row: Record<string, unknown>): QueryResult => {
    const cells = { market: 'um', symbol: 'BTCUSDT', interval: '1h', ...row };
    return { columns: Object.keys(cells).map((name) => ({ name, type: 'text' })), rows: [Object.values(cells)] };
  };
  return { query: async (sql) => answer(sql.includes('FROM candles') ? candles : gaps), close: async () => {} };
}

const CANDLES = { candles: 2, first_open: '2024-01-01T00:00:00Z', last_open: '2024-01-01T01:00:00Z' };
const GAPS = { class: 'unknown', intervals: 3, candles: 0, last_to: '2024-01-01T05:00:00Z' };

test('the sum of candles and ledger is the grid from the first to the last', async () => {
  const [sum] = await ledgerSums({}, engineOf(CANDLES, { ...GAPS, first_from: '2024-01-01T02:00:00Z' }));
  expect(sum).toMatchObject({ grid: 5, candles: 2, explained: 3 });
});

test('a table without times, as another in its place would be, is no sum', async () => {
  await expect(ledgerSums({}, engineOf(CANDLES, { ...GAPS, first_from: null }))).rejects.toMatchObject({
    name: 'CorruptObject',
    message: 'tables of um/BTCUSDT/1h must say first_from, got null: npx lake audit names the one',
  });
});
