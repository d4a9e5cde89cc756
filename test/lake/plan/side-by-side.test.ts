import { setTimeout as sleep } from 'node:timers/promises';
import { plan } from '../../../lib/lake/plan/plan.ts';
import type { Http } from '../../../lib/ports.ts';
import { memoryStore, paperExchange } from '../../scale/paper-exchange.ts';
import { exchangeAccess } from '../../support/exchange-access.ts';

const NOW = Date.parse('2024-03-20T10:00Z');
const SYMBOLS = Array.from({ length: 60 }, (_, i) => `COIN${String(i).padStart(2, '0')}USDT`);

/**
 * Plans with answers that take a moment. Returns the most questions in flight, to the archive's listing and to REST.
 */
async function mostInFlight(request: object): Promise<{ archive: number; rest: number }> {
  const paper = paperExchange({
    symbols: SYMBOLS,
    interval: '15m',
    nowMs: NOW,
    months: ['2024-01', '2024-02'],
    monthlyBytes: 1000,
  });
  const inFlight = { archive: 0, rest: 0 };
  const most = { archive: 0, rest: 0 };
  const http: Http = {
    async get(url) {
      const kind = url.includes('prefix=') ? 'archive' : 'rest';
      inFlight[kind] += 1;
      most[kind] = Math.max(most[kind], inFlight[kind]);
      await sleep(1);
      inFlight[kind] -= 1;
      return paper.http.get(url);
    },
  };
  const world = {
    store: memoryStore(),
    ...exchangeAccess({ nowMs: () => NOW, sleep: async () => {} }, 'http://paper', http),
    defaults: { market: 'um', symbols: ['BTCUSDT'], interval: '15m', period: '1y' },
  };
  await plan({ runId: 'r1', request: { symbols: ['all'], interval: '15m', from: '2024-01-01', ...request } }, world);
  return most;
}

describe('plan', () => {
  test('asks the archive 32 questions at once, and REST one at a time', async () => {
    expect(await mostInFlight({})).toEqual({ archive: 32, rest: 1 });
  });

  test('asks about streams as many at once', async () => {
    expect(await mostInFlight({ streams: true })).toEqual({ archive: 32, rest: 1 });
  });
});
