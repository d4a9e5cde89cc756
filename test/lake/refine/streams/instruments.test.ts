import {
  INSTRUMENTS,
  landSighting,
  refineIn,
  rowsOf,
  type StreamLake,
  streamLake,
  tableHashes,
} from '../../../support/stream-lake.ts';
import { HOUR_MS } from '../../../support/time.ts';

describe('instruments', () => {
  const symbol = (name: string, more: object = {}) => ({
    symbol: name,
    status: 'TRADING',
    contractType: 'PERPETUAL',
    onboardDate: 1_600_000_000_000,
    deliveryDate: 4_133_404_800_000,
    somethingNew: { nested: true },
    ...more,
  });
  const see = (lake: StreamLake, atMs: number, symbols: readonly object[]) =>
    landSighting(lake, INSTRUMENTS, 'exchange_info', JSON.stringify({ serverTime: atMs, symbols }), atMs);

  test('a row a change: listed, settling, gone, listed again; an unchanged snapshot adds none', async () => {
    const lake = streamLake();
    const days = Array.from({ length: 6 }, (_, day) => Date.parse('2024-01-30T10:00Z') + day * 24 * HOUR_MS);
    const [d0, d1, d2, d3, d4, d5] = days as [number, number, number, number, number, number];
    await see(lake, d0, [symbol('BTCUSDT')]);
    await see(lake, d1, [symbol('BTCUSDT'), symbol('NEWUSDT')]);
    await refineIn(lake, INSTRUMENTS);
    await see(lake, d2, [symbol('BTCUSDT'), symbol('NEWUSDT')]);
    await see(lake, d3, [symbol('BTCUSDT'), symbol('NEWUSDT', { status: 'SETTLING', deliveryDate: d4 })]);
    await see(lake, d4, [symbol('BTCUSDT')]);
    await see(lake, d5, [symbol('BTCUSDT'), symbol('NEWUSDT')]);
    await refineIn(lake, INSTRUMENTS);
    const rows = await rowsOf(lake, 'instruments');
    const told = (row: Record<string, unknown>) => [row['symbol'], row['valid_from'], row['first_seen'], row['status']];
    expect(rows.map(told)).toEqual([
      ['BTCUSDT', d0, d0, 'TRADING'],
      ['NEWUSDT', d1, d1, 'TRADING'],
      ['NEWUSDT', d3, d1, 'SETTLING'],
      ['NEWUSDT', d4, d1, 'ABSENT'],
      ['NEWUSDT', d5, d1, 'TRADING'],
    ]);
    expect(rows[2]!['delivery_time']).toBe(d4);
    const once = streamLake();
    for (const [key, bytes] of [...lake.objects].reverse())
      if (key.startsWith('landing/')) once.objects.set(key, bytes);
    await refineIn(once, INSTRUMENTS);
    expect(tableHashes(once)).toEqual(tableHashes(lake));
  });

  test('a month without a change has no table, and what it knew is not forgotten', async () => {
    const lake = streamLake();
    await see(lake, Date.parse('2024-01-30'), [symbol('BTCUSDT')]);
    await see(lake, Date.parse('2024-02-10'), [symbol('BTCUSDT')]);
    await see(lake, Date.parse('2024-03-10'), [symbol('BTCUSDT', { status: 'SETTLING' })]);
    expect(await refineIn(lake, INSTRUMENTS)).toMatchObject({ shards: 2, recomputed: 3 });
    expect(await refineIn(lake, INSTRUMENTS)).toMatchObject({ shards: 2, recomputed: 0 });
    expect((await rowsOf(lake, 'instruments')).map((row) => row['status'])).toEqual(['TRADING', 'SETTLING']);
  });
});
