import { askSymbols } from '../../../lib/exchange/binance/exchange-info.ts';
import { exchangeInfoJson } from '../../../lib/exchange/simulated/exchange-info.ts';
import { seededCandles } from '../../../lib/exchange/simulated/seeded-candles.ts';
import { testClock } from '../../support/clock.ts';
import { answering, exchangeAccess } from '../../support/exchange-access.ts';
import type { FuzzTarget } from '../targets.ts';

const NOW_MS = Date.parse('2024-03-05T10:07Z');

/** The symbols that the exchange lists. */
export function exchangeInfoTarget(): FuzzTarget {
  const listings = seededCandles(1).listings('um');
  const samples = (['um', 'cm', 'spot'] as const).map((market) =>
    Buffer.from(
      exchangeInfoJson({
        market,
        listings: listings.slice(0, 3),
        nowMs: NOW_MS,
        serverTimeMs: NOW_MS,
        weightLimit: 2400,
      }),
    ),
  );
  return {
    name: 'exchange_info',
    samples,
    errors: ['UnexpectedFormat'],
    async read(bytes) {
      const listed = await askSymbols('um', exchangeAccess(testClock(NOW_MS), 'http://exchange', answering(bytes)));
      // What is planned with must be instants.
      for (const { life } of listed)
        for (const timeMs of [life.listedMs, life.settledMs]) if (timeMs !== undefined) new Date(timeMs).toISOString();
    },
  };
}
