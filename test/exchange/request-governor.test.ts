import type { BudgetAnswer } from '../../lib/exchange/access.ts';
import { BUDGETS } from '../../lib/exchange/binance/routes.ts';
import { retryAfterOf } from '../../lib/exchange/http-failure.ts';
import { requestGovernor } from '../../lib/exchange/request-governor.ts';
import { type TestClock, testClock } from '../support/clock.ts';

const HOST = 'https://fapi.example';
const START = Date.parse('2024-01-01T00:00:10Z');

/** Returns the result of an answer of REST with these headers and this message. */
function answer(status: number, headers: Record<string, string> = {}, msg = ''): (nowMs: number) => BudgetAnswer {
  const body = new TextEncoder().encode(JSON.stringify({ code: -1003, msg }));
  return (nowMs) => ({
    status,
    retryAfterSec: retryAfterOf({ status, headers, body }, nowMs),
    used: Number(headers['x-mbx-used-weight-1m'] ?? Number.NaN),
  });
}

/** A governor of one budget, of which half is used: by default the exchange's weight per minute. */
function governorOf(clock: TestClock, limit: number = BUDGETS.weight.limit) {
  const governor = requestGovernor(clock);
  const charges = (amount: number) => [{ budget: { ...BUDGETS.weight, limit }, amount }];
  return {
    admit: (host: string, weight: number) => governor.admit(host, charges(weight)),
    observe: (host: string, given: ReturnType<typeof answer>) =>
      governor.observe(host, charges(0), given(clock.nowMs())),
  };
}

describe('requestGovernor', () => {
  test('stays under half of 2,400 a minute by waiting for the next one', async () => {
    const clock = testClock(START);
    const governor = governorOf(clock);
    for (let i = 0; i < 600; i += 1) await governor.admit(HOST, 2);
    expect(clock.pauses).toEqual([]);
    await governor.admit(HOST, 2);
    expect(clock.pauses.reduce((a, b) => a + b)).toBe(50_500);
    expect(clock.nowMs()).toBeGreaterThanOrEqual(Date.parse('2024-01-01T00:01:00Z'));
  });

  test('counts what strangers used from the same address, and begins again each minute', async () => {
    const clock = testClock(START);
    const governor = governorOf(clock);
    governor.observe(HOST, answer(200, { 'x-mbx-used-weight-1m': '1199' }));
    await governor.admit(HOST, 2);
    expect(clock.nowMs()).toBe(Date.parse('2024-01-01T00:01:00.500Z'));
    for (let i = 0; i < 599; i += 1) await governor.admit(HOST, 2);
    expect(clock.nowMs()).toBe(Date.parse('2024-01-01T00:01:00.500Z'));
  });

  test('an absent or negative header is ignored', async () => {
    const clock = testClock(START);
    const governor = governorOf(clock, 8);
    await governor.admit(HOST, 2);
    governor.observe(HOST, answer(200, { 'x-mbx-used-weight-1m': '-1' }));
    governor.observe(HOST, answer(200));
    await governor.admit(HOST, 2);
    expect(clock.pauses).toEqual([]);
    await governor.admit(HOST, 2);
    expect(clock.pauses.length).toBeGreaterThan(0);
  });

  test('concurrent requests wait together, and only as many go as fit', async () => {
    const clock = testClock(START);
    const governor = governorOf(clock, 20);
    const wentAt: number[] = [];
    await Promise.all(
      Array.from({ length: 15 }, async () => {
        await governor.admit(HOST, 2);
        wentAt.push(Math.floor(clock.nowMs() / 60_000) - Math.floor(START / 60_000));
      }),
    );
    expect(wentAt).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2]);
  });

  test('hosts are counted apart', async () => {
    const clock = testClock(START);
    const governor = governorOf(clock, 4);
    await governor.admit(HOST, 2);
    await governor.admit('https://api.example', 2);
    expect(clock.pauses).toEqual([]);
  });

  test('after 429 everybody waits as long as asked, or for the next minute', async () => {
    const clock = testClock(START);
    const governor = governorOf(clock);
    governor.observe(HOST, answer(429, { 'retry-after': '7' }));
    governor.observe(HOST, answer(429, { 'retry-after': '7' }));
    await Promise.all([governor.admit(HOST, 2), governor.admit(HOST, 2)]);
    expect(clock.pauses).toEqual([7_000]);
    governor.observe(
      HOST,
      answer(429, {}, 'Too many requests; current limit of IP(203.0.113.10) is 2400 requests per minute'),
    );
    await governor.admit(HOST, 2);
    expect(clock.nowMs()).toBe(Date.parse('2024-01-01T00:01:00.500Z'));
  });

  test('after 418 nothing goes until the ban is over, whichever way it was said', async () => {
    const untilMs = START + 600_000;
    const banned =
      `Way too many requests; IP(203.0.113.7) banned until ${untilMs}. ` +
      'Please use the websocket for live updates to avoid bans.';
    for (const [ban, seconds] of [
      [answer(418, {}, banned), 600],
      [answer(418, { 'retry-after': '300' }, banned), 300],
      [answer(418), 120],
    ] as const) {
      const clock = testClock(START);
      const governor = governorOf(clock);
      governor.observe(HOST, ban);
      await expect(governor.admit(HOST, 2)).rejects.toMatchObject({ name: 'ExchangeBusy', retryAfterSec: seconds });
      expect(clock.pauses).toEqual([]);
      await clock.sleep(seconds * 1000);
      await governor.admit(HOST, 2);
    }
  });

  test('a clock that stands still waits a whole minute and then begins again', async () => {
    const clock = testClock(Date.parse('2024-01-01T00:00:59.900Z'), { standing: true });
    const governor = governorOf(clock, 4);
    await governor.admit(HOST, 2);
    await governor.admit(HOST, 2);
    expect(clock.pauses.reduce((a, b) => a + b)).toBeGreaterThanOrEqual(60_000);
  });

  test('a 429 is about the separate budget of a route, if it has one; a ban is about the host', async () => {
    const clock = testClock(START);
    const governor = requestGovernor(clock);
    const weight = { budget: BUDGETS.weight, amount: 2 };
    const funding = [{ budget: BUDGETS.funding, amount: 1 }, weight];
    governor.observe(HOST, funding, { status: 429, retryAfterSec: 600, used: 40 });
    await expect(governor.admit(HOST, funding)).rejects.toMatchObject({ retryAfterSec: 600 });
    await governor.admit(HOST, [weight]);
    governor.observe(HOST, funding, { status: 418, retryAfterSec: 300, used: 40 });
    await expect(governor.admit(HOST, [weight])).rejects.toMatchObject({ retryAfterSec: 300 });
  });
});
