import { askServerTime } from '../../../lib/exchange/binance/exchange-info.ts';
import { exchangeTime } from '../../../lib/exchange/exchange-time.ts';
import { testClock } from '../../support/clock.ts';
import { answering, exchangeAccess } from '../../support/exchange-access.ts';
import type { FuzzTarget } from '../targets.ts';

const NOW_MS = Date.parse('2024-03-05T10:07Z');

/** The exchange's own time. */
export function serverTimeTarget(): FuzzTarget {
  return {
    name: 'server_time',
    samples: [Buffer.from(JSON.stringify({ serverTime: NOW_MS }))],
    errors: ['UnexpectedFormat'],
    async read(bytes) {
      const time = await askServerTime('um', exchangeAccess(testClock(NOW_MS), 'http://exchange', answering(bytes)));
      new Date(exchangeTime({ ...time, localMs: NOW_MS }).asOfMs).toISOString();
    },
  };
}
