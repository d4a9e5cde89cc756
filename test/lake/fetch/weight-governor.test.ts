import { weightGovernor } from '../../../lib/exchange/binance/weight-governor.ts';
import type { HttpAnswer } from '../../../lib/ports.ts';
import { testClock } from '../../support/clock.ts';

const HOST = 'https://fapi.example';
const START = Date.parse('2024-01-01T00:00:10Z');

function answer(status: number, headers: Record<string, string> = {}, msg = ''): HttpAnswer {
  return { status, headers, body: new TextEncoder().encode(JSON.stringify({ code: -1003, msg })) };
}

describe('weightGovernor', () => {
  test('stays under half of 2,400 a minute by waiting for the next one', async () => {
    const clock = testClock(START);
    const governor = weightGovernor(clock);
    for (let i = 0; i < 600; i += 1) await governor.admit(HOST, 2);
    expect(clock.pauses).toEqual([]);
    await governor.admit(HOST, 2);
    expect(clock.pauses.reduce((a, b) => a + b)).toBe(50_500);
    expect(clock.nowMs()).toBeGreaterThanOrEqual(Date.parse('2024-01-01T00:01:00Z'));
  });

  test('counts what strangers used from the same address, and begins anew each minute', async () => {
    const clock = testClock(START);
    const governor = weightGovernor(clock);
    governor.observe(HOST, answer(200, { 'x-mbx-used-weight-1m': '1199' }));
    await governor.admit(HOST, 2);
    expect(clock.nowMs()).toBe(Date.parse('2024-01-01T00:01:00.500Z'));
    for (let i = 0; i < 599; i += 1) await governor.admit(HOST, 2);
    expect(clock.nowMs()).toBe(Date.parse('2024-01-01T00:01:00.500Z'));
  });

  test('an absent or negative header says nothing', async () => {
    const clock = testClock(START);
    const governor = weightGovernor(clock, 4);
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
    const governor = weightGovernor(clock, 10);
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
    const governor = weightGovernor(clock, 2);
    await governor.admit(HOST, 2);
    await governor.admit('https://api.example', 2);
    expect(clock.pauses).toEqual([]);
  });

  test('after 429 everybody waits as long as asked, or for the next minute', async () => {
    const clock = testClock(START);
    const governor = weightGovernor(clock);
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
    const banned = `Way too many requests; IP(203.0.113.7) banned until ${untilMs}. Please use the websocket for live updates to avoid bans.`;
    for (const [ban, seconds] of [
      [answer(418, {}, banned), 600],
      [answer(418, { 'retry-after': '300' }, banned), 300],
      [answer(418), 120],
    ] as const) {
      const clock = testClock(START);
      const governor = weightGovernor(clock);
      governor.observe(HOST, ban);
      await expect(governor.admit(HOST, 2)).rejects.toMatchObject({ name: 'ExchangeBusy', retryAfterSec: seconds });
      expect(clock.pauses).toEqual([]);
      await clock.sleep(seconds * 1000);
      await governor.admit(HOST, 2);
    }
  });

  test('a clock that stands still waits a whole minute and then begins anew', async () => {
    const clock = testClock(Date.parse('2024-01-01T00:00:59.900Z'), { standing: true });
    const governor = weightGovernor(clock, 2);
    await governor.admit(HOST, 2);
    await governor.admit(HOST, 2);
    expect(clock.pauses.reduce((a, b) => a + b)).toBeGreaterThanOrEqual(60_000);
  });
});
