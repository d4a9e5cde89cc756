import { createHttp } from '../../../lib/adapters/http.ts';
import { fetchBatch } from '../../../lib/lake/fetch/fetch-batch.ts';
import { batchChunks } from '../../../lib/lake/plan/batches.ts';
import { makePlan } from '../../../lib/lake/plan/plan.ts';
import { lakeBesideExchange } from '../../support/fetched-lake.ts';

const lake = lakeBesideExchange(Date.parse('2024-03-05T10:07:00Z'));

test('fetching costs what the plan said, and leaves nothing to plan or to fetch', async () => {
  const world = {
    ...lake.world(),
    // Patient: a request sent twice would be one more than was planned.
    http: createHttp(),
    defaults: { market: 'um', symbols: ['BTCUSDT'], interval: '15m', period: '1d' },
  };
  // Two months of archive, open days, and REST only for the days before the archive begins.
  const requests = [
    { symbols: ['BTCUSDT', 'ETHUSDT'], period: '2m' },
    { symbols: ['BTCUSDT'], from: '2019-12-18', to: '2020-01-02' },
  ];
  for (const request of requests) {
    const plan = await makePlan({ runId: 'r', request }, world);
    const before = lake.exchange.requests.length;
    const batches = batchChunks('r', plan.chunks);
    const spent = { requests: 0, restWeight: 0, landed: 0 };
    for (const batch of [...batches.archive, ...batches.rest]) {
      const result = await fetchBatch(batch, world);
      spent.requests += result.requests;
      spent.restWeight += result.restWeight;
      spent.landed += result.landed;
    }
    expect(spent).toEqual({
      requests: plan.totals.requests,
      restWeight: plan.totals.restWeight,
      landed: plan.chunks.length,
    });
    expect(lake.exchange.requests.length - before).toBe(plan.totals.requests);
    expect(plan.totals.restWeight).toBeGreaterThan(0);
    const again = await makePlan({ runId: 'r', request }, world);
    expect(again.chunks).toEqual([]);
    expect(again.totals.requests).toBe(0);
    for (const batch of [...batches.archive, ...batches.rest]) {
      expect(await fetchBatch(batch, world)).toMatchObject({ landed: 0, requests: 0 });
    }
  }
});
