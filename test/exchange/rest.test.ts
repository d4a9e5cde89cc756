import { type Exchange, startExchange } from '../../lib/exchange/simulated/exchange.ts';
import { RequestMeter } from '../../lib/exchange/simulated/request-meter.ts';
import { ask, askKlines } from './ask.ts';

const NOW = Date.parse('2024-03-05T10:07:00Z');
const openTimes = (rows: string[]) => rows.map((row) => Number(row.split(',')[0]));

describe('REST of the simulated exchange', () => {
  let exchange: Exchange;
  beforeAll(async () => {
    exchange = await startExchange({ nowMs: NOW });
  });
  afterAll(() => exchange.close());

  test('klines: both bounds are inclusive and on the open time', async () => {
    const [from, to] = [Date.parse('2024-01-01'), Date.parse('2024-01-01T02:00Z')];
    const query = `symbol=BTCUSDT&interval=1h&startTime=${from}`;
    expect(openTimes(await askKlines(exchange, `${query}&endTime=${to}`))).toEqual([from, from + 3_600_000, to]);
    expect(openTimes(await askKlines(exchange, `${query}&endTime=${to - 1}`))).toHaveLength(2);
    expect(
      openTimes(await askKlines(exchange, `${query.replace(`${from}`, `${from + 1}`)}&endTime=${to}`)),
    ).toHaveLength(2);
  });

  test('klines: without startTime the newest, the last one still open with values that are not final', async () => {
    const rows = await askKlines(exchange, 'symbol=BTCUSDT&interval=15m&limit=3');
    expect(openTimes(rows)).toEqual([NOW - 37 * 60_000, NOW - 22 * 60_000, NOW - 7 * 60_000]);
    const later = await startExchange({ nowMs: NOW + 3_600_000 });
    const final = await askKlines(later, `symbol=BTCUSDT&interval=15m&startTime=${NOW - 37 * 60_000}&limit=3`);
    expect(rows.slice(0, 2)).toEqual(final.slice(0, 2));
    const [open, closed] = [rows[2].split(','), final[2].split(',')];
    expect([open[0], open[1], open[6]]).toEqual([closed[0], closed[1], closed[6]]);
    expect(Number(open[5])).toBeGreaterThan(0);
    expect(Number(open[5])).toBeLessThan(Number(closed[5]));
    await later.close();
  });

  test('klines: 500 without limit, nothing after now, nothing before the listing', async () => {
    expect(await askKlines(exchange, 'symbol=BTCUSDT&interval=1m')).toHaveLength(500);
    expect(await askKlines(exchange, `symbol=BTCUSDT&interval=1m&startTime=${NOW + 1}`)).toEqual([]);
    const [first] = await askKlines(exchange, 'symbol=BTCUSDT&interval=1m&startTime=0&limit=1');
    expect(openTimes([first])).toEqual([Date.parse('2019-09-08T17:55Z')]);
  });

  test('klines: times and count are numbers, the rest texts', async () => {
    const { text } = await ask(exchange, '/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=1');
    expect(JSON.parse(text)[0].map((field: unknown) => typeof field)).toEqual(
      'number string string string string string number string number string string string'.split(' '),
    );
  });

  test.each([
    [
      '/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=2000',
      '{"code":-1130,"msg":"Data sent for parameter \'limit\' is not valid."}',
    ],
    ['/fapi/v1/klines?symbol=BTCUSDT&interval=1s&limit=1', '{"code":-1120,"msg":"Invalid interval."}'],
    ['/fapi/v1/klines?symbol=NOTAREALSYM&interval=1m', '{"code":-1121,"msg":"Invalid symbol."}'],
    ['/fapi/v1/klines?symbol=LUNAUSDT&interval=1m', '{"code":-1121,"msg":"Invalid symbol."}'],
    [
      '/fapi/v1/klines?interval=1m',
      '{"code":-1102,"msg":"Mandatory parameter \'symbol\' was not sent, was empty/null, or malformed."}',
    ],
    [
      '/fapi/v1/klines?symbol=BTCUSDT&interval=1m&startTime=2&endTime=1',
      '{"code":-1023,"msg":"Start time is greater than end time."}',
    ],
  ])('%s is refused', async (path, body) => {
    const answer = await ask(exchange, path);
    expect(answer.status).toBe(400);
    expect(answer.text).toBe(body);
  });

  test.each([
    ['limit=1', 1],
    ['limit=100', 1],
    ['limit=101', 2],
    ['limit=499', 2],
    ['limit=500', 2],
    ['limit=1000', 5],
    ['limit=1500', 10],
    ['limit=1501', 10],
    ['', 5],
  ])('klines with %s cost %i', async (limit, weight) => {
    const fresh = await startExchange({ nowMs: NOW });
    const { headers } = await ask(fresh, `/fapi/v1/klines?symbol=BTCUSDT&interval=1h&${limit}`);
    expect(headers.get('x-mbx-used-weight-1m')).toBe(String(weight));
    expect(fresh.requests.map((request) => request.weight)).toEqual([weight]);
    await fresh.close();
  });

  test('over the budget: 429, then a ban', async () => {
    // A budget of nothing, so that the turn of a minute changes nothing.
    const small = await startExchange({ nowMs: NOW, weightLimit: 0 });
    const first = await ask(small, '/fapi/v1/ping');
    expect(first.status).toBe(429);
    expect(JSON.parse(first.text).code).toBe(-1003);
    expect(Number(first.headers.get('retry-after'))).toBeGreaterThan(0);
    for (let i = 0; i < 60 && small.requests.at(-1)?.status !== 418; i++) await ask(small, '/fapi/v1/ping');
    const banned = await ask(small, '/fapi/v1/ping');
    expect(banned.status).toBe(418);
    expect(banned.text).toMatch(/banned until \d{13}\./);
    // Another market keeps its own budget.
    expect((await ask(small, '/api/v3/ping')).status).toBe(429);
    await small.close();
  });

  test('the budget is renewed on the minute', () => {
    let nowMs = Date.parse('2024-01-01T00:00:59.900Z');
    const meter = new RequestMeter(10, () => nowMs);
    expect(meter.spend(10)).toEqual({ kind: 'allowed', usedWeight: 10 });
    expect(meter.spend(1)).toEqual({ kind: 'too_many', usedWeight: 11, retryAfterSec: 1 });
    nowMs += 100;
    expect(meter.spend(1)).toEqual({ kind: 'allowed', usedWeight: 1 });
  });

  test('a ban lasts two minutes', () => {
    let nowMs = Date.parse('2024-01-01T00:00:00Z');
    const meter = new RequestMeter(0, () => nowMs, 1);
    expect(meter.spend(1).kind).toBe('too_many');
    expect(meter.spend(1)).toMatchObject({ kind: 'banned', untilMs: nowMs + 120_000, retryAfterSec: 120 });
    nowMs += 119_999;
    expect(meter.spend(0).kind).toBe('banned');
    nowMs += 1;
    expect(meter.spend(0).kind).toBe('allowed');
  });

  test('exchangeInfo: what is listed by now, in the words of each market', async () => {
    type Info = { serverTime: number; symbols: Record<string, unknown>[] };
    const info = async (path: string): Promise<Info> => JSON.parse((await ask(exchange, path)).text);
    const um = await info('/fapi/v1/exchangeInfo');
    expect(um.serverTime).toBe(NOW);
    const btc = um.symbols.find((s) => s['symbol'] === 'BTCUSDT');
    expect(btc).toMatchObject({
      pair: 'BTCUSDT',
      contractType: 'PERPETUAL',
      status: 'TRADING',
      onboardDate: 1_567_965_300_000,
      deliveryDate: 4_133_404_800_000,
      quoteAsset: 'USDT',
    });
    const names = um.symbols.map((s) => s['symbol']);
    expect(names).toContain('SUIUSDT');
    expect(names).not.toContain('龙虾USDT');
    expect(names).not.toContain('LUNAUSDT');
    const cm = (await info('/dapi/v1/exchangeInfo')).symbols.find((s) => s['symbol'] === 'BTCUSD_PERP');
    expect(cm).toMatchObject({ contractStatus: 'TRADING', contractType: 'PERPETUAL' });
    expect(cm).not.toHaveProperty('status');
    const spot = (await info('/api/v3/exchangeInfo')).symbols.find((s) => s['symbol'] === 'BTCUSDT');
    expect(spot).toMatchObject({ status: 'TRADING' });
    expect(spot).not.toHaveProperty('onboardDate');

    const later = await startExchange({ nowMs: Date.parse('2026-07-04') });
    const { symbols } = JSON.parse((await ask(later, '/fapi/v1/exchangeInfo')).text) as Info;
    const find = (symbol: string) => symbols.find((s) => s['symbol'] === symbol);
    expect(find('FTMUSDT')).toMatchObject({ status: 'SETTLING' });
    expect(find('BTCUSDT_260925')).toMatchObject({ contractType: 'CURRENT_QUARTER', pair: 'BTCUSDT' });
    expect(find('龙虾USDT')).toMatchObject({ status: 'TRADING' });
    await later.close();
  });

  test('COIN-M and a symbol outside ASCII', async () => {
    expect(await askKlines(exchange, 'symbol=BTCUSD_PERP&interval=1h&limit=2', '/dapi/v1')).toHaveLength(2);
    const later = await startExchange({ nowMs: Date.parse('2026-07-04') });
    expect(await askKlines(later, `symbol=${encodeURIComponent('龙虾USDT')}&interval=1h&limit=2`)).toHaveLength(2);
    expect(later.requests[0]?.path).toBe('/fapi/v1/klines?symbol=龙虾USDT&interval=1h&limit=2');
    await later.close();
  });

  test('ping, time, and paths that are not there', async () => {
    expect((await ask(exchange, '/fapi/v1/ping')).text).toBe('{}');
    expect(JSON.parse((await ask(exchange, '/api/v3/time')).text)).toEqual({ serverTime: NOW });
    expect((await ask(exchange, '/fapi/v1/nothing')).status).toBe(404);
    expect((await ask(exchange, '/elsewhere')).status).toBe(404);
  });
});
