import { createHttp } from '../../../lib/adapters/http.ts';
import type { Series } from '../../../lib/domain/series.ts';
import { DAY_MS } from '../../../lib/domain/time-range.ts';
import type { RequestGovernor } from '../../../lib/exchange/access.ts';
import { requestGovernor } from '../../../lib/exchange/request-governor.ts';
import type { FetchContext } from '../../../lib/lake/fetch/contract.ts';
import { landingKey } from '../../../lib/lake/keys.ts';
import type { Retry } from '../../../lib/ports.ts';
import { testClock } from '../../support/clock.ts';
import { failure, fetchedLake, NOW, pagesInstead, restChunk } from '../../support/fetched-lake.ts';

const lake = fetchedLake();
const { fetchAll, receipts, landedRows } = lake;

describe('REST windows', () => {
  test('pages of 499, each landing for what it covers, together exactly the window', async () => {
    const chunk = restChunk('2024-02-20', '2024-03-05T10:00Z');
    const result = await fetchAll([chunk]);
    const candles = (chunk.range.toMs - chunk.range.fromMs) / 900_000;
    expect(result).toMatchObject({
      landed: 1,
      requests: Math.ceil(candles / 499),
      restWeight: 2 * Math.ceil(candles / 499),
    });
    expect(lake.exchange.requests.map((r) => r.weight)).toEqual([2, 2, 2]);
    const rows = await landedRows();
    expect(rows.map((row) => row[0])).toEqual(
      Array.from({ length: candles }, (_, i) => chunk.range.fromMs + i * 900_000),
    );
    const ranges = (await receipts()).map((r) => r.range).sort((a, b) => a.fromMs - b.fromMs);
    expect(ranges[0]!.fromMs).toBe(chunk.range.fromMs);
    expect(ranges.at(-1)!.toMs).toBe(chunk.range.toMs);
    expect(ranges.slice(1).map((r) => r.fromMs)).toEqual(ranges.slice(0, -1).map((r) => r.toMs));

    const before = lake.exchange.requests.length;
    expect(await fetchAll([chunk])).toMatchObject({ landed: 0, skipped: 1, requests: 0 });
    expect(lake.exchange.requests).toHaveLength(before);
  });

  test('a window partly there is fetched for the rest only', async () => {
    await fetchAll([restChunk('2024-03-01', '2024-03-02')]);
    await fetchAll([restChunk('2024-02-29', '2024-03-03')]);
    expect(await landedRows()).toHaveLength(3 * 96);
    expect(lake.exchange.requests).toHaveLength(3);
  });

  test('the window of an open page is fetched from its begin, whatever landed, and lands below its page', async () => {
    const openPageMs = Date.parse('2024-03-05');
    const open = (to: string) => ({ ...restChunk('2024-03-05', to), openPageMs });
    await fetchAll([open('2024-03-05T05:00Z')]);
    await fetchAll([open('2024-03-05T06:00Z')]);
    expect(await fetchAll([open('2024-03-05T06:00Z')])).toMatchObject({ skipped: 1, requests: 0 });
    const keys = (await lake.store.list('landing/')).map(({ key }) => key).filter((key) => key.includes('receipt'));
    expect(keys.map((key) => /open=.*(?=\/[0-9a-f]{64})/.exec(key)?.[0])).toEqual([
      'open=20240305T000000Z/source=rest/20240305T000000Z-20240305T050000Z',
      'open=20240305T000000Z/source=rest/20240305T000000Z-20240305T060000Z',
    ]);
    // The window of a page that ended long ago no longer belongs to an open page.
    await fetchAll([{ ...restChunk('2024-03-01', '2024-03-01T06:00Z'), openPageMs: Date.parse('2024-03-01') }]);
    const all = (await lake.store.list('landing/')).map(({ key }) => key);
    expect(all.filter((key) => key.includes('20240301T000000Z')).every((key) => !key.includes('open='))).toBe(true);
  });

  test('an empty answer lands too, as evidence, and is not asked for again', async () => {
    const chunk = restChunk('2019-01-01', '2019-06-01');
    expect(await fetchAll([chunk])).toMatchObject({ landed: 1, requests: 1 });
    const [receipt] = await receipts();
    expect(receipt!.range).toEqual(chunk.range);
    expect(new TextDecoder().decode(await lake.store.get(landingKey(receipt!)))).toBe('[]');
    expect(await fetchAll([chunk])).toMatchObject({ skipped: 1, requests: 0 });
  });

  test.each([
    ['spot', 'BTCUSDT', '/api/v3/klines'],
    ['cm', 'BTCUSD_PERP', '/dapi/v1/klines'],
    ['sim', 'BTCUSDT', '/fapi/v1/klines'],
  ] as const)('market %s has its own path', async (market, symbol, path) => {
    const series: Series = { market, symbol, interval: '15m' };
    await fetchAll([restChunk('2024-02-25', '2024-03-02', series)]);
    expect(lake.exchange.requests.map((r) => r.path.startsWith(`${path}?`) && r.status === 200)).toEqual([true, true]);
    expect(await landedRows(series)).toHaveLength(6 * 96);
  });

  test('COIN-M is asked for no more than one page, and for 200 days at most', async () => {
    const series: Series = { market: 'cm', symbol: 'BTCUSD_PERP', interval: '1d' };
    // Before the listing: the simulated exchange would make years of candles otherwise.
    await fetchAll([restChunk('2015-01-01', '2016-03-01', series)]);
    const spans = lake.exchange.requests.map(({ path }) => {
      const query = new URLSearchParams(path.slice(path.indexOf('?')));
      return Number(query.get('endTime')) + 1 - Number(query.get('startTime'));
    });
    expect(spans).toEqual([200 * DAY_MS, 200 * DAY_MS, 25 * DAY_MS]);
  });

  test('429 is obeyed and tried again; a lasting one is ExchangeBusy with its pause', async () => {
    lake.exchange.faults.add({ kind: 'status', status: 429, retryAfterSec: 9, times: 2 });
    const clock = testClock(NOW);
    expect(await fetchAll([restChunk('2024-03-01', '2024-03-02')], { clock })).toMatchObject({
      landed: 1,
      requests: 3,
    });
    expect(clock.pauses.filter((ms) => ms === 9_000).length).toBeGreaterThanOrEqual(2);

    lake.exchange.faults.add({ kind: 'status', status: 429, retryAfterSec: 9 });
    const error = await failure(fetchAll([restChunk('2024-03-02', '2024-03-03')]));
    expect(error).toMatchObject({ name: 'ExchangeBusy', retryAfterSec: 9 });
    expect(error.message).toContain('Too many requests');
  });

  test('418 stops everything in this process until the ban is over', async () => {
    const clock = testClock(NOW);
    const governor = requestGovernor(clock);
    lake.exchange.faults.add({ kind: 'status', status: 418, bannedUntilMs: NOW + 300_000, times: 1 });
    const chunks = [restChunk('2024-03-01', '2024-03-02'), restChunk('2024-03-03', '2024-03-04')];
    const error = await failure(fetchAll(chunks, { clock, governor }));
    expect(error).toMatchObject({ name: 'ExchangeBusy', retryAfterSec: 300 });
    expect(error.message).toContain('banned until');
    expect(lake.exchange.requests).toHaveLength(1);
    expect(await failure(fetchAll(chunks, { clock, governor }))).toMatchObject({ name: 'ExchangeBusy' });
    expect(lake.exchange.requests).toHaveLength(1);
    await clock.sleep(300_000);
    expect(await fetchAll(chunks, { clock, governor })).toMatchObject({ landed: 2 });
  });

  test.each([
    [451, 'Service unavailable from a restricted location'],
    [400, ''],
  ])('%i is ExchangeRefused with the exchange’s words, and asked once', async (status, words) => {
    lake.exchange.faults.add({ kind: 'status', status });
    const error = await failure(fetchAll([restChunk('2024-03-01', '2024-03-02')]));
    expect(error).toMatchObject({ name: 'ExchangeRefused', status });
    expect(error.message).toContain(`answered HTTP ${status}: `);
    expect(error.message).toContain(words);
    expect(error.message).not.toContain('<');
    expect(lake.exchange.requests).toHaveLength(1);
  });

  test('403 of the firewall: one is asked again and decides nothing, a lasting one is ExchangeRefused', async () => {
    lake.exchange.faults.add({ kind: 'status', status: 403, times: 1 });
    const clock = testClock(NOW);
    const told: Retry[] = [];
    const onRetry = (retry: Retry) => void told.push(retry);
    expect(await fetchAll([restChunk('2024-03-01', '2024-03-02')], { clock, onRetry })).toMatchObject({
      landed: 1,
      requests: 2,
    });
    expect(clock.pauses).toEqual([500]);
    expect(told).toMatchObject([{ error: { status: 403 }, attempt: 2, of: 4, pauseMs: 500 }]);

    lake.exchange.faults.add({ kind: 'status', status: 403 });
    const error = await failure(fetchAll([restChunk('2024-03-02', '2024-03-03')]));
    expect(error).toMatchObject({ name: 'ExchangeRefused', status: 403 });
    expect(error.message).toMatch(/answered HTTP 403: .*The request could not be satisfied/);
    expect(error.message).not.toContain('<');
    expect(lake.exchange.requests).toHaveLength(2 + 4);
  });

  test('a page instead of JSON: one is asked again and does not land, a lasting one is UnexpectedFormat', async () => {
    const http = pagesInstead(1);
    expect(await fetchAll([restChunk('2024-03-01', '2024-03-02')], { http })).toMatchObject({ landed: 1, requests: 2 });
    expect(await landedRows()).toHaveLength(96);
    const lasting = pagesInstead(Number.POSITIVE_INFINITY);
    expect(await failure(fetchAll([restChunk('2024-03-02', '2024-03-03')], { http: lasting }))).toMatchObject({
      name: 'UnexpectedFormat',
    });
    expect(await landedRows()).toHaveLength(96);
  });

  test('5xx, resets and silence are tried again, a few times', async () => {
    lake.exchange.faults.add(
      { kind: 'status', status: 503, times: 1 },
      { kind: 'reset', times: 1 },
      { kind: 'stall', times: 1 },
    );
    const http = createHttp({ timeoutMs: 100 });
    const quick = { get: (url: string) => http.get(url) };
    expect(await fetchAll([restChunk('2024-03-01', '2024-03-02')], { http: quick })).toMatchObject({ requests: 4 });
    lake.exchange.faults.add({ kind: 'reset' });
    expect(await failure(fetchAll([restChunk('2024-03-02', '2024-03-03')]))).toMatchObject({ name: 'ExchangeBusy' });
    expect(lake.exchange.requests).toHaveLength(8);
  });

  test('a candle outside the window, or rows that run backwards, do not land', async () => {
    lake.exchange.faults.add({ kind: 'out_of_order_rows', match: 'klines' });
    const error = await failure(fetchAll([restChunk('2024-03-01', '2024-03-02')]));
    expect(error.name).toBe('UnexpectedFormat');
    expect(error.message).toMatch(/row \d+ of http.* must not open before the row before/);
    expect(await receipts()).toEqual([]);
  });

  test('stays under half of the exchange’s budget over many pages', async () => {
    const clock = testClock(NOW);
    const http = createHttp();
    const inMinute = new Map<number, number>();
    const counting: FetchContext['http'] = {
      get: (url, options) => {
        const minute = Math.floor(clock.nowMs() / 60_000);
        inMinute.set(minute, (inMinute.get(minute) ?? 0) + 1);
        return http.get(url, options);
      },
    };
    // Half of a budget of 16 is four pages.
    const governor = requestGovernor(clock);
    const small: RequestGovernor = {
      admit: (host, charges) =>
        governor.admit(
          host,
          charges.map((charge) => ({ ...charge, budget: { ...charge.budget, limit: 16 } })),
        ),
      observe: (host, charges, answer) => governor.observe(host, charges, answer),
    };
    const chunk = restChunk('2023-09-01', '2024-03-05T10:00Z');
    const result = await fetchAll([chunk], { clock, http: counting, governor: small });
    expect(result).toMatchObject({ landed: 1, requests: Math.ceil((186 * 96 + 40) / 499) });
    expect(Math.max(...inMinute.values())).toBeLessThanOrEqual(4);
    expect(clock.nowMs() - NOW).toBeGreaterThan(8 * 60_000);
  });
});
