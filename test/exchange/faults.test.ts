import { type Exchange, startExchange } from '../../lib/exchange/simulated/exchange.ts';
import { type Fault, parseFault } from '../../lib/exchange/simulated/fault.ts';
import { unzipOne } from '../../lib/exchange/simulated/unzip-one.ts';
import { sha256Of } from '../support/bytes.ts';
import { ask, askKlines, askZip } from './ask.ts';

const NOW = Date.parse('2024-03-05T10:07:00Z');
const ZIP = '/data/futures/um/monthly/klines/BTCUSDT/1h/BTCUSDT-1h-2024-02.zip';
const KLINES = 'symbol=BTCUSDT&interval=1h&startTime=1706745600000&limit=499';
const openTimes = (rows: readonly string[]) => rows.map((row) => Number(row.split(',')[0]));

describe('faults of the simulated exchange', () => {
  let exchange: Exchange;
  beforeAll(async () => {
    exchange = await startExchange({ nowMs: NOW });
  });
  beforeEach(() => {
    exchange.faults.clear();
    exchange.requests.length = 0;
  });
  afterAll(() => exchange.close());

  test('429 with and without Retry-After, so many times', async () => {
    exchange.faults.add({ kind: 'status', status: 429, retryAfterSec: 7, match: '/klines', times: 1 });
    exchange.faults.add({ kind: 'status', status: 429, match: /klines/, times: 1 });
    const answers = [];
    for (let i = 0; i < 3; i++) answers.push(await ask(exchange, `/fapi/v1/klines?${KLINES}`));
    expect(answers.map((answer) => answer.status)).toEqual([429, 429, 200]);
    expect(answers.map((answer) => answer.headers.get('retry-after'))).toEqual(['7', null, null]);
    expect(answers[0]?.headers.get('x-mbx-used-weight-1m')).toBe('0');
    expect(answers[0]?.text).toBe(
      '{"code":-1003,"msg":"Too many requests; current limit of IP(203.0.113.10) is 2400 requests per minute. ' +
        'Please use the websocket for live updates to avoid polling the API."}',
    );
    expect(exchange.requests.map((request) => request.status)).toEqual([429, 429, 200]);
  });

  test('418, 451, 403 and 5xx with their bodies', async () => {
    exchange.faults.add({ kind: 'status', status: 418, bannedUntilMs: 1_746_327_239_762, times: 1 });
    exchange.faults.add({ kind: 'status', status: 451, times: 1 }, { kind: 'status', status: 403, times: 1 });
    exchange.faults.add({ kind: 'status', status: 503, times: 1 });
    const answers = [];
    for (let i = 0; i < 4; i++) answers.push(await ask(exchange, '/fapi/v1/ping'));
    expect(answers.map((answer) => answer.status)).toEqual([418, 451, 403, 503]);
    expect(answers[0]?.text).toContain('IP(203.0.113.7) banned until 1746327239762. Please');
    expect(answers[1]?.text).toContain('"code":0,"msg":"Service unavailable from a restricted location');
    expect(answers[2]?.headers.get('content-type')).toBe('text/html');
    expect(answers[2]?.text).toContain('<H1>403 ERROR</H1>');
  });

  test('skip lets the first requests through; a predicate chooses', async () => {
    exchange.faults.add({
      kind: 'status',
      status: 500,
      skip: 1,
      times: 1,
      match: ({ path }) => path.endsWith('/time'),
    });
    const statuses = [];
    for (const path of ['ping', 'time', 'time', 'ping', 'time'])
      statuses.push((await ask(exchange, `/fapi/v1/${path}`)).status);
    expect(statuses).toEqual([200, 200, 500, 200, 200]);
  });

  test('reset, and a body shorter than announced', async () => {
    exchange.faults.add({ kind: 'reset', times: 1 });
    await expect(ask(exchange, ZIP)).rejects.toThrow();
    exchange.faults.add({ kind: 'truncated_body', times: 1 });
    const response = await fetch(exchange.url + ZIP);
    const announced = Number(response.headers.get('content-length'));
    await expect(response.arrayBuffer()).rejects.toThrow();
    expect((await ask(exchange, ZIP)).bytes.length).toBe(announced);
    expect(exchange.requests.map((request) => request.status)).toEqual([0, 200, 200]);
  });

  test('a stall lasts until the client gives up; the server still closes', async () => {
    const stalling = await startExchange({ nowMs: NOW, faults: [{ kind: 'stall' }] });
    const impatient = fetch(`${stalling.url}/fapi/v1/ping`, { signal: AbortSignal.timeout(150) });
    await expect(impatient).rejects.toMatchObject({ name: 'TimeoutError' });
    const patient = fetch(`${stalling.url}/fapi/v1/ping`);
    const ended = expect(patient).rejects.toThrow();
    await stalling.close();
    await ended;
  });

  test('slow: the same bytes in many pieces', async () => {
    const whole = (await ask(exchange, ZIP)).bytes;
    exchange.faults.add({ kind: 'slow', durationMs: 60, times: 1 });
    const response = await fetch(exchange.url + ZIP);
    const pieces: Uint8Array[] = [];
    for await (const piece of response.body!) pieces.push(piece);
    expect(pieces.length).toBeGreaterThan(1);
    expect(Buffer.concat(pieces).equals(whole)).toBe(true);
  });

  test.each(['truncated_zip', 'corrupt_zip'] as const)('%s: against its checksum, then with it', async (kind) => {
    const good = (await ask(exchange, ZIP)).bytes;
    const sum = (bytes: Buffer) => sha256Of(bytes);
    exchange.faults.add({ kind, match: /2024-02\.zip$/, times: 1 });
    const bad = (await ask(exchange, ZIP)).bytes;
    expect(bad.equals(good)).toBe(false);
    expect((await ask(exchange, `${ZIP}.CHECKSUM`)).text).toContain(sum(good));
    expect((await ask(exchange, ZIP)).bytes.equals(good)).toBe(true);

    exchange.faults.add({ kind, checksumAgrees: true, match: /2024-02\.zip$/, times: 1 });
    const agreed = (await ask(exchange, ZIP)).bytes;
    expect(agreed.equals(bad)).toBe(true);
    expect((await ask(exchange, `${ZIP}.CHECKSUM`)).text).toContain(sum(bad));
    await expect(unzipOne(agreed)).rejects.toThrow();
  });

  test('wrong checksum, missing checksum, missing file', async () => {
    const good = (await ask(exchange, `${ZIP}.CHECKSUM`)).text;
    exchange.faults.add({ kind: 'wrong_checksum', times: 1 });
    const wrong = (await ask(exchange, `${ZIP}.CHECKSUM`)).text;
    expect(wrong).toMatch(/^[0-9a-f]{64} {2}BTCUSDT-1h-2024-02\.zip$/);
    expect(wrong).not.toBe(good);
    exchange.faults.add({ kind: 'missing_checksum', match: ZIP });
    expect((await ask(exchange, ZIP)).status).toBe(200);
    expect((await ask(exchange, `${ZIP}.CHECKSUM`)).status).toBe(404);
    exchange.faults.clear();
    exchange.faults.add({ kind: 'missing_file', match: ZIP });
    expect((await ask(exchange, ZIP)).status).toBe(404);
    expect((await ask(exchange, `${ZIP}.CHECKSUM`)).status).toBe(404);
    expect((await ask(exchange, `/?prefix=${ZIP.slice(1)}`)).text).toContain(`<Key>${ZIP.slice(1)}</Key>`);
  });

  describe('of rows, in the zip and over REST alike', () => {
    async function goodAndBad(fault: Fault) {
      const good = { zip: (await askZip(exchange, ZIP)).slice(1), rest: await askKlines(exchange, KLINES) };
      exchange.faults.add(fault);
      // askZip holds the zip to its checksum: it has to be that of the damaged file.
      const bad = { zip: (await askZip(exchange, ZIP)).slice(1), rest: await askKlines(exchange, KLINES) };
      return (['zip', 'rest'] as const).map((where) => ({ good: good[where], bad: bad[where] }));
    }

    test('missing day', async () => {
      for (const { good, bad } of await goodAndBad({ kind: 'missing_day', day: '2024-02-03' })) {
        expect(bad).toEqual([...good.slice(0, 48), ...good.slice(72)]);
      }
    });

    test('duplicated rows', async () => {
      for (const { good, bad } of await goodAndBad({ kind: 'duplicated_rows' })) {
        expect(bad).toHaveLength(good.length + 3);
        expect([...new Set(bad)]).toEqual(good);
      }
    });

    test('out of order rows', async () => {
      for (const { good, bad } of await goodAndBad({ kind: 'out_of_order_rows' })) {
        expect(bad).not.toEqual(good);
        expect([...bad].sort()).toEqual(good);
      }
    });

    test('open last candle', async () => {
      for (const { good, bad } of await goodAndBad({ kind: 'open_last_candle' })) {
        expect(bad.slice(0, -1)).toEqual(good);
        expect(openTimes(bad).at(-1)).toBe(openTimes(good).at(-1)! + 3_600_000);
        expect(bad.at(-1)?.split(',')[1]).toBe(good.at(-1)?.split(',')[4]);
      }
    });

    test('extra columns', async () => {
      for (const { bad } of await goodAndBad({ kind: 'extra_columns' })) {
        expect(new Set(bad.map((row) => row.split(',').length))).toEqual(new Set([13]));
      }
    });

    test('restated rows', async () => {
      for (const { good, bad } of await goodAndBad({ kind: 'restated_rows', count: 2 })) {
        expect(openTimes(bad)).toEqual(openTimes(good));
        expect(bad.filter((row, i) => row !== good[i])).toHaveLength(2);
      }
    });
  });

  test('a damaged file stays damaged, the next one is good', async () => {
    const good = await askZip(exchange, ZIP);
    exchange.faults.add({ kind: 'missing_day', match: 'monthly', times: 1 });
    expect(await askZip(exchange, ZIP)).toHaveLength(good.length - 24);
    expect(await askZip(exchange, ZIP)).toHaveLength(good.length - 24);
    expect(await askZip(exchange, ZIP.replace('2024-02', '2024-01'))).toHaveLength(1 + 31 * 24);
  });

  test('clock skew', async () => {
    exchange.faults.add({ kind: 'clock_skew', skewMs: -90_000 });
    expect(JSON.parse((await ask(exchange, '/fapi/v1/time')).text)).toEqual({ serverTime: NOW - 90_000 });
    expect(JSON.parse((await ask(exchange, '/fapi/v1/exchangeInfo')).text).serverTime).toBe(NOW - 90_000);
  });

  test('faults as JSON', async () => {
    exchange.faults.add(parseFault('{"kind":"status","status":500,"match":{"regexp":"pi.g$"},"times":1}'));
    exchange.faults.add(parseFault('{"kind":"status","status":502,"match":"/time"}'));
    expect((await ask(exchange, '/fapi/v1/ping')).status).toBe(500);
    expect((await ask(exchange, '/fapi/v1/ping')).status).toBe(200);
    expect((await ask(exchange, '/fapi/v1/time')).status).toBe(502);
    expect(() => parseFault('{"kind":"earthquake"}')).toThrow(
      /fault kind must be one of status reset .*got 'earthquake'/,
    );
    expect(() => parseFault('nonsense')).toThrow(/fault must be JSON/);
  });
});
