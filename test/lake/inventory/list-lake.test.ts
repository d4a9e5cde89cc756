import { listLake } from '../../../lib/lake/inventory/list-lake.ts';
import { memoryStore } from '../../../lib/lake/memory-store.ts';

test('a stream of a whole market is listed if no symbol is named', async () => {
  const store = memoryStore();
  await store.put('instruments/market=um/period=2024-01/instruments.parquet', Buffer.from('without a manifest'));
  const problems = async (wanted: object) => (await listLake(store, wanted)).problems.length;
  expect(await problems({})).toBe(1);
  expect(await problems({ market: 'um' })).toBe(1);
  expect(await problems({ symbols: ['BTCUSDT'] })).toBe(0);
});
