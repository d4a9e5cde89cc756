import { startExchange } from '../../lib/exchange/simulated/exchange.ts';
import { workflowLake } from '../support/workflow-lake.ts';

test('a run over a few days reports every shard of its series, so a new database gets all partitions', async () => {
  const exchange = await startExchange({ nowMs: Date.parse('2024-02-03T10:07Z') });
  try {
    const lake = workflowLake(() => exchange);
    const request = { symbols: ['BTCUSDT'], interval: '1h' };
    await lake.run({ ...request, from: '2022-12-20' });
    const { series, recomputedShards, complete } = await lake.run({ ...request, from: '2024-02-02' });
    expect({ complete, recomputedShards }).toEqual({ complete: true, recomputedShards: 0 });
    expect(series.map(({ shards }) => shards.map(({ period }) => period))).toEqual([['2022', '2023', '2024']]);
  } finally {
    await exchange.close();
  }
});
