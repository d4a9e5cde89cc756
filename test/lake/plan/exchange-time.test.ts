import { exchangeTime } from '../../../lib/exchange/exchange-time.ts';
import { HOUR_MS, MINUTE_MS } from '../../support/time.ts';

const NOW = Date.parse('2024-03-05T10:07:00Z');

test.each([
  ['all clocks agree', { serverTimeMs: NOW, httpDateMs: NOW, localMs: NOW }],
  ['a few minutes apart', { serverTimeMs: NOW, httpDateMs: NOW - HOUR_MS, localMs: NOW - 4 * MINUTE_MS }],
  ['this machine is slow', { serverTimeMs: NOW, httpDateMs: NOW + 900, localMs: NOW - 30 * HOUR_MS }],
  ['this machine is fast', { serverTimeMs: NOW, httpDateMs: NOW, localMs: NOW + 30 * HOUR_MS }],
  ['no HTTP date', { serverTimeMs: NOW, httpDateMs: undefined, localMs: NOW + MINUTE_MS }],
])('%s: the exchange is believed', (_, clocks) => {
  expect(exchangeTime(clocks)).toEqual({ asOfMs: NOW });
});

test.each([
  ['far ahead', { serverTimeMs: NOW + 3 * HOUR_MS, httpDateMs: NOW, localMs: NOW }, NOW],
  ['ahead by six minutes', { serverTimeMs: NOW + 6 * MINUTE_MS, httpDateMs: NOW, localMs: NOW }, NOW],
  ['ahead, without an HTTP date', { serverTimeMs: NOW + HOUR_MS, httpDateMs: undefined, localMs: NOW }, NOW],
  ['behind', { serverTimeMs: NOW - HOUR_MS, httpDateMs: NOW, localMs: NOW }, NOW - HOUR_MS],
  ['nobody agrees', { serverTimeMs: NOW + HOUR_MS, httpDateMs: NOW, localMs: NOW - HOUR_MS }, NOW - HOUR_MS],
])('%s: the earliest clock counts, and that is said', (_, clocks, asOfMs) => {
  const time = exchangeTime(clocks);
  expect(time.asOfMs).toBe(asOfMs);
  expect(time.notice).toMatch(
    /^the exchange says that it is 2024-03-05T\d\d:\d\d:00Z.* this machine's clock 2024-03-05T/,
  );
});
