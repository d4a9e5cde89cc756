import { askRest } from '../../../lib/exchange/binance/rest.ts';
import { SOURCES } from '../../../lib/exchange/binance/sources.ts';
import { testClock } from '../../support/clock.ts';
import { exchangeAccess } from '../../support/exchange-access.ts';

const apiKey = { key: 'KkKkKkKkKkKkKkKk', secret: 'SsSsSsSsSsSsSsSs' };
const REQUEST = { market: 'um', route: SOURCES.candles.rest!, params: { symbol: 'BTCUSDT' } } as const;

/** Returns the result of an answer that repeats its request. */
async function askEcho(status: number, headers: Readonly<Record<string, string>> = {}): Promise<Error> {
  const clock = testClock(Date.parse('2024-03-05'));
  const body = Buffer.from(JSON.stringify({ code: -2015, msg: `bad key ${apiKey.key} ${apiKey.secret}` }));
  const http = { get: async () => ({ status, headers, body }) };
  const world = { ...exchangeAccess(clock, 'http://x', http), apiKey };
  return askRest(REQUEST, world, () => undefined).then(
    () => new Error('it was taken for an answer'),
    (error: Error) => error,
  );
}

test.each([
  [401, 'ExchangeRefused'],
  [403, 'ExchangeRefused'],
  [418, 'ExchangeBusy'],
  [429, 'ExchangeBusy'],
  [503, 'ExchangeBusy'],
])('HTTP %i that repeats the API key: an error without it', async (status, name) => {
  const error = await askEcho(status);
  expect(error).toMatchObject({ name, message: expect.stringContaining('bad key <API key> <API key>') });
  expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toMatch(/KkKk|SsSs/);
});

test.each([{}, { etag: apiKey.key }])('an answer with the API key in it never lands', async (headers) => {
  const error = await askEcho(200, headers);
  expect(error).toMatchObject({ name: 'UnexpectedFormat', message: expect.stringMatching(/got our API key/) });
  expect(String(error.stack)).not.toMatch(/KkKk|SsSs/);
});

test('the error still has the seconds to wait', async () => {
  expect(await askEcho(429, { 'retry-after': '600' })).toMatchObject({ retryAfterSec: 600 });
});
