import { DEFAULT_WATCH_LIST } from '../../../lib/domain/watch-list.ts';
import { memoryStore } from '../../../lib/lake/memory-store.ts';
import type { PlanRequest } from '../../../lib/lake/plan/contract.ts';
import { plan } from '../../../lib/lake/plan/plan.ts';
import { testClock } from '../../support/clock.ts';
import { exchangeAccess } from '../../support/exchange-access.ts';
import type { FuzzTarget } from '../targets.ts';

const NOW_MS = Date.parse('2024-03-05T10:07Z');
const REQUESTS = [
  {},
  { market: 'um', symbols: ['BTCUSDT', 'ETHUSDT'], interval: '1h', period: '6m' },
  { symbols: ['all'], interval: '1d', from: '2024-01-01', to: '2024-02-01T12:00Z' },
  { market: 'spot', symbols: ['BTCUSDT'], interval: '1m', from: '2023-12-01T00:00:00.000+02:00' },
  { market: 'cm', interval: '1M', period: '3anos' },
  { market: 'spot', interval: '1m', period: '9999y' },
  { market: 'spot', interval: '3m', from: '0001-01-01', to: '9999-12-31' },
];

/** The exchange answers soundly, and lists nothing that would bound the range. */
const ANSWERS: readonly (readonly [part: string, body: string])[] = [
  ['/time', JSON.stringify({ serverTime: NOW_MS })],
  [
    '/exchangeInfo',
    JSON.stringify({
      symbols: ['BTCUSDT', 'ETHUSDT'].map((symbol) => ({
        symbol,
        status: 'TRADING',
        contractType: 'PERPETUAL',
        quoteAsset: 'USDT',
      })),
    }),
  ],
  ['prefix=', '<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>'],
];

/** A user's request, as the JSON that starts the state machine. */
export function requestTarget(): FuzzTarget {
  const http = {
    get: async (url: string) => {
      const body = ANSWERS.find(([part]) => url.includes(part))?.[1] ?? '';
      return { status: 200, headers: {}, body: Buffer.from(body) };
    },
  };
  return {
    name: 'request',
    samples: REQUESTS.map((request) => Buffer.from(JSON.stringify(request))),
    errors: ['BadInput', 'UnexpectedFormat'],
    async read(bytes) {
      let request: unknown;
      try {
        request = JSON.parse(bytes.toString());
      } catch {
        // What is not JSON starts no state machine.
        return;
      }
      const access = exchangeAccess(testClock(NOW_MS), 'x', http);
      const world = { ...access, store: memoryStore(), defaults: DEFAULT_WATCH_LIST };
      await plan({ runId: 'fuzz', request: request as PlanRequest }, world);
    },
  };
}
