import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHttp } from '../../lib/adapters/http.ts';
import { folderObjectStore } from '../../lib/adapters/local/folder-object-store.ts';
import { archivePath } from '../../lib/domain/archive.ts';
import type { Chunk } from '../../lib/domain/chunk.ts';
import { failureKey, landingKey, landingPrefix, parseReceiptKey } from '../../lib/domain/keys.ts';
import type { Series } from '../../lib/domain/series.ts';
import { DAY_MS } from '../../lib/domain/time-range.ts';
import type { FetchResult, Receipt } from '../../lib/fetch/contract.ts';
import { type FetchWorld, fetchChunks } from '../../lib/fetch/fetch.ts';
import { askRest } from '../../lib/fetch/rest-client.ts';
import { sign } from '../../lib/fetch/sign.ts';
import { weightGovernor } from '../../lib/fetch/weight-governor.ts';
import type { ObjectStore } from '../../lib/ports.ts';
import { type Exchange, startExchange } from '../exchange/exchange.ts';
import { testClock } from './test-clock.ts';

const NOW = Date.parse('2024-03-05T10:07:00Z');
const SERIES: Series = { market: 'um', symbol: 'BTCUSDT', interval: '15m' };

let lake: string;
let store: ObjectStore;
let exchange: Exchange;

beforeEach(async () => {
  lake = await mkdtemp(join(tmpdir(), 'candlelake-fetch-'));
  store = folderObjectStore(lake);
  exchange = await startExchange({ nowMs: NOW });
});

afterEach(async () => {
  await exchange.close();
  await rm(lake, { recursive: true, force: true });
});

function world(changes: Partial<FetchWorld> = {}): FetchWorld {
  const { url } = exchange;
  return {
    store,
    http: createHttp({ timeoutMs: 2_000 }),
    clock: testClock(NOW),
    urls: { rest: { um: url, cm: url, spot: url, sim: url }, archive: url, archiveListing: url },
    ...changes,
  };
}

async function fetchAll(chunks: readonly Chunk[], changes: Partial<FetchWorld> = {}): Promise<FetchResult> {
  return await fetchChunks({ runId: 'r', batch: 'b', chunks }, world(changes));
}

async function failure(promise: Promise<unknown>): Promise<{ name: string; message: string; retryAfterSec?: number }> {
  return await promise.then(
    () => ({ name: 'none', message: 'no error' }),
    (error: Error) => error,
  );
}

const MONTH: Chunk = archiveChunk('archive_monthly', '2024-02-01', '2024-03-01');
const DAYS = ['2024-03-01', '2024-03-02', '2024-03-03'].map((day) =>
  archiveChunk('archive_daily', day, new Date(Date.parse(day) + DAY_MS).toISOString()),
);

function archiveChunk(source: Chunk['source'], from: string, to: string, series = SERIES): Chunk {
  return { series, source, range: { fromMs: Date.parse(from), toMs: Date.parse(to) }, asOfMs: NOW, sizeBytes: 1 };
}

function restChunk(from: string, to: string, series = SERIES): Chunk {
  return archiveChunk('rest', from, to, series);
}

async function receipts(series = SERIES): Promise<Receipt[]> {
  const keys = (await store.list(landingPrefix(series))).map((o) => o.key);
  const own = keys.filter((key) => parseReceiptKey(series, key));
  return await Promise.all(
    own.map(async (key) => JSON.parse(new TextDecoder().decode(await store.get(key))) as Receipt),
  );
}

/** Landed rows of REST answers, in time order. */
async function landedRows(series = SERIES): Promise<unknown[][]> {
  const pages = (await receipts(series)).filter((r) => r.source === 'rest');
  const rows = await Promise.all(
    pages.map(async (r) => JSON.parse(new TextDecoder().decode(await store.get(landingKey(r)))) as unknown[][]),
  );
  return rows.flat().sort((a, b) => Number(a[0]) - Number(b[0]));
}

describe('archive files', () => {
  test('lands the exact bytes under their hash, with a receipt that says where they came from', async () => {
    const result = await fetchAll([MONTH]);
    expect(result).toMatchObject({ batch: 'b', landed: 1, skipped: 0, requests: 2, restWeight: 0 });
    const url = `${exchange.url}/${archivePath(SERIES, 'archive_monthly', MONTH.range)}`;
    const served = new Uint8Array(await (await fetch(url)).arrayBuffer());
    const [receipt] = await receipts();
    const sha256 = createHash('sha256').update(served).digest('hex');
    expect(receipt).toMatchObject({
      series: SERIES,
      source: 'archive_monthly',
      range: MONTH.range,
      sha256,
      url,
      fetchedAtMs: NOW,
      asOfMs: NOW,
      sizeBytes: served.byteLength,
    });
    expect(Buffer.compare((await store.get(landingKey(receipt!)))!, served)).toBe(0);
    const published = await (await fetch(`${url}.CHECKSUM`)).text();
    expect(published).toContain(sha256);
  });

  test('what has landed costs nothing; bytes without a receipt do not count', async () => {
    await fetchAll([MONTH]);
    const before = exchange.requests.length;
    expect(await fetchAll([MONTH])).toEqual({
      batch: 'b',
      landed: 0,
      skipped: 1,
      requests: 0,
      bytes: 0,
      restWeight: 0,
    });
    expect(exchange.requests).toHaveLength(before);

    const [receipt] = await receipts();
    await rm(join(lake, landingKey(receipt!).replace(/\.zip$/, '.receipt.json')));
    expect(await fetchAll([MONTH])).toMatchObject({ landed: 1, skipped: 0 });
  });

  test('a symbol that is not ASCII', async () => {
    await exchange.close();
    exchange = await startExchange({ nowMs: Date.parse('2026-06-05T10:07Z') });
    const series: Series = { market: 'um', symbol: '龙虾USDT', interval: '1h' };
    await fetchAll([archiveChunk('archive_monthly', '2026-04-01', '2026-05-01', series)]);
    expect(await receipts(series)).toHaveLength(1);
  });

  test('damaged on the way once: fetched again, from the checksum on', async () => {
    exchange.faults.add({ kind: 'corrupt_zip', match: /\.zip$/, times: 1 });
    expect(await fetchAll([DAYS[0]!])).toMatchObject({ landed: 1, requests: 4 });
  });

  test('a checksum that does not fit, twice: CorruptObject names file, got and expected, and nothing lands', async () => {
    exchange.faults.add({ kind: 'wrong_checksum', match: '2024-03-01' });
    const error = await failure(fetchAll([DAYS[0]!]));
    expect(error.name).toBe('CorruptObject');
    expect(error.message).toMatch(
      /^um\/BTCUSDT\/15m archive_daily 2024-03-01: BTCUSDT-15m-2024-03-01\.zip has sha256 [0-9a-f]{64}, expected [0-9a-f]{64} \(http/,
    );
    expect(exchange.requests.map((r) => r.path.split('.').at(-1))).toEqual(['CHECKSUM', 'zip', 'CHECKSUM', 'zip']);
    expect(await receipts()).toEqual([]);
  });

  test('a file or a checksum that is not there: NotPublished', async () => {
    exchange.faults.add(
      { kind: 'missing_checksum', match: '2024-03-01' },
      { kind: 'missing_file', match: '2024-03-02' },
    );
    expect((await failure(fetchAll([DAYS[0]!]))).message).toMatch(
      /2024-03-01\.zip\.CHECKSUM is not published \(HTTP 404\)$/,
    );
    expect(await failure(fetchAll([DAYS[1]!]))).toMatchObject({ name: 'NotPublished' });
  });

  test('cut off, reset or 503: tried again', async () => {
    exchange.faults.add(
      { kind: 'truncated_body', match: /\.zip$/, times: 1 },
      { kind: 'reset', match: '.CHECKSUM', times: 1 },
      { kind: 'status', status: 503, match: /\.zip$/, times: 1 },
    );
    const clock = testClock(NOW);
    const result = await fetchAll([MONTH], { clock });
    expect(result).toMatchObject({ landed: 1, requests: 5 });
    expect(clock.pauses).toHaveLength(3);
  });

  test('one that fails does not stop the others, and fails the batch at the end', async () => {
    exchange.faults.add({ kind: 'missing_file', match: /2024-03-0[12]/ });
    const error = await failure(fetchAll([MONTH, ...DAYS]));
    expect(error.name).toBe('NotPublished');
    expect(error.message).toMatch(/^um\/BTCUSDT\/15m archive_daily 2024-03-01: .* \(and 1 more of 4 chunks failed\)$/);
    expect((await receipts()).map((r) => r.source).sort()).toEqual(['archive_daily', 'archive_monthly']);
  });

  test('of several failures the one that a pause may mend is thrown, so that the batch is tried again', async () => {
    exchange.faults.add({ kind: 'missing_file', match: '2024-03-01' }, { kind: 'reset', match: '2024-03-02' });
    expect(await failure(fetchAll(DAYS))).toMatchObject({ name: 'ExchangeBusy' });
    expect(await receipts()).toHaveLength(1);
  });
});

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
    expect(exchange.requests.map((r) => r.weight)).toEqual([2, 2, 2]);
    const rows = await landedRows();
    expect(rows.map((row) => row[0])).toEqual(
      Array.from({ length: candles }, (_, i) => chunk.range.fromMs + i * 900_000),
    );
    const ranges = (await receipts()).map((r) => r.range).sort((a, b) => a.fromMs - b.fromMs);
    expect(ranges[0]!.fromMs).toBe(chunk.range.fromMs);
    expect(ranges.at(-1)!.toMs).toBe(chunk.range.toMs);
    expect(ranges.slice(1).map((r) => r.fromMs)).toEqual(ranges.slice(0, -1).map((r) => r.toMs));

    const before = exchange.requests.length;
    expect(await fetchAll([chunk])).toMatchObject({ landed: 0, skipped: 1, requests: 0 });
    expect(exchange.requests).toHaveLength(before);
  });

  test('a window partly there is fetched for the rest only', async () => {
    await fetchAll([restChunk('2024-03-01', '2024-03-02')]);
    await fetchAll([restChunk('2024-02-29', '2024-03-03')]);
    expect(await landedRows()).toHaveLength(3 * 96);
    expect(exchange.requests).toHaveLength(3);
  });

  test('an empty answer lands too, as evidence, and is not asked for again', async () => {
    const chunk = restChunk('2019-01-01', '2019-06-01');
    expect(await fetchAll([chunk])).toMatchObject({ landed: 1, requests: 1 });
    const [receipt] = await receipts();
    expect(receipt!.range).toEqual(chunk.range);
    expect(new TextDecoder().decode(await store.get(landingKey(receipt!)))).toBe('[]');
    expect(await fetchAll([chunk])).toMatchObject({ skipped: 1, requests: 0 });
  });

  test.each([
    ['spot', 'BTCUSDT', '/api/v3/klines'],
    ['cm', 'BTCUSD_PERP', '/dapi/v1/klines'],
    ['sim', 'BTCUSDT', '/fapi/v1/klines'],
  ] as const)('market %s has its own path', async (market, symbol, path) => {
    const series: Series = { market, symbol, interval: '15m' };
    await fetchAll([restChunk('2024-02-25', '2024-03-02', series)]);
    expect(exchange.requests.map((r) => r.path.startsWith(`${path}?`) && r.status === 200)).toEqual([true, true]);
    expect(await landedRows(series)).toHaveLength(6 * 96);
  });

  test('COIN-M is asked for no more than one page, and for 200 days at most', async () => {
    const series: Series = { market: 'cm', symbol: 'BTCUSD_PERP', interval: '1d' };
    // Before the listing: the simulated exchange would make years of candles otherwise.
    await fetchAll([restChunk('2015-01-01', '2016-03-01', series)]);
    const spans = exchange.requests.map(({ path }) => {
      const query = new URLSearchParams(path.slice(path.indexOf('?')));
      return Number(query.get('endTime')) + 1 - Number(query.get('startTime'));
    });
    expect(spans).toEqual([200 * DAY_MS, 200 * DAY_MS, 25 * DAY_MS]);
  });

  test('429 is obeyed and tried again; a lasting one is ExchangeBusy with its pause', async () => {
    exchange.faults.add({ kind: 'status', status: 429, retryAfterSec: 9, times: 2 });
    const clock = testClock(NOW);
    expect(await fetchAll([restChunk('2024-03-01', '2024-03-02')], { clock })).toMatchObject({
      landed: 1,
      requests: 3,
    });
    expect(clock.pauses.filter((ms) => ms === 9_000).length).toBeGreaterThanOrEqual(2);

    exchange.faults.add({ kind: 'status', status: 429, retryAfterSec: 9 });
    const error = await failure(fetchAll([restChunk('2024-03-02', '2024-03-03')]));
    expect(error).toMatchObject({ name: 'ExchangeBusy', retryAfterSec: 9 });
    expect(error.message).toContain('Too many requests');
  });

  test('418 stops everything in this process until the ban is over', async () => {
    const clock = testClock(NOW);
    const governor = weightGovernor(clock);
    exchange.faults.add({ kind: 'status', status: 418, bannedUntilMs: NOW + 300_000, times: 1 });
    const chunks = [restChunk('2024-03-01', '2024-03-02'), restChunk('2024-03-03', '2024-03-04')];
    const error = await failure(fetchAll(chunks, { clock, governor }));
    expect(error).toMatchObject({ name: 'ExchangeBusy', retryAfterSec: 300 });
    expect(error.message).toContain('banned until');
    expect(exchange.requests).toHaveLength(1);
    expect(await failure(fetchAll(chunks, { clock, governor }))).toMatchObject({ name: 'ExchangeBusy' });
    expect(exchange.requests).toHaveLength(1);
    await clock.sleep(300_000);
    expect(await fetchAll(chunks, { clock, governor })).toMatchObject({ landed: 2 });
  });

  test.each([
    [451, 'Service unavailable from a restricted location'],
    [403, 'The request could not be satisfied'],
    [400, ''],
  ])('%i is ExchangeRefused with the exchange’s words, and asked once', async (status, words) => {
    exchange.faults.add({ kind: 'status', status });
    const error = await failure(fetchAll([restChunk('2024-03-01', '2024-03-02')]));
    expect(error).toMatchObject({ name: 'ExchangeRefused', status });
    expect(error.message).toContain(`answered HTTP ${status}: `);
    expect(error.message).toContain(words);
    expect(error.message).not.toContain('<');
    expect(exchange.requests).toHaveLength(1);
  });

  test('5xx, resets and silence are tried again, a few times', async () => {
    exchange.faults.add(
      { kind: 'status', status: 503, times: 1 },
      { kind: 'reset', times: 1 },
      { kind: 'stall', times: 1 },
    );
    const http = createHttp({ timeoutMs: 100 });
    const quick = { get: (url: string) => http.get(url) };
    expect(await fetchAll([restChunk('2024-03-01', '2024-03-02')], { http: quick })).toMatchObject({ requests: 4 });
    exchange.faults.add({ kind: 'reset' });
    expect(await failure(fetchAll([restChunk('2024-03-02', '2024-03-03')]))).toMatchObject({ name: 'ExchangeBusy' });
    expect(exchange.requests).toHaveLength(8);
  });

  test('a candle outside the window, or rows that run backwards, do not land', async () => {
    exchange.faults.add({ kind: 'out_of_order_rows', match: 'klines', times: 1 });
    const error = await failure(fetchAll([restChunk('2024-03-01', '2024-03-02')]));
    expect(error.name).toBe('UnexpectedFormat');
    expect(error.message).toMatch(/row \d+ of http.* must not open before the row before/);
    expect(await receipts()).toEqual([]);
  });

  test('stays under half of the exchange’s budget over many pages', async () => {
    const clock = testClock(NOW);
    const http = createHttp();
    const inMinute = new Map<number, number>();
    const counting: FetchWorld['http'] = {
      get: (url, options) => {
        const minute = Math.floor(clock.nowMs() / 60_000);
        inMinute.set(minute, (inMinute.get(minute) ?? 0) + 1);
        return http.get(url, options);
      },
    };
    const chunk = restChunk('2023-09-01', '2024-03-05T10:00Z');
    const result = await fetchAll([chunk], { clock, http: counting, governor: weightGovernor(clock, 8) });
    expect(result).toMatchObject({ landed: 1, requests: Math.ceil((186 * 96 + 40) / 499) });
    expect(Math.max(...inMinute.values())).toBeLessThanOrEqual(4);
    expect(clock.nowMs() - NOW).toBeGreaterThan(8 * 60_000);
  });
});

describe('API key', () => {
  const apiKey = { key: 'the-key', secret: 'the-secret' };

  test('goes to REST in its header, never to the archive, and nowhere into the lake', async () => {
    const seen: { url: string; headers: Readonly<Record<string, string>> }[] = [];
    const http = createHttp();
    const watching: FetchWorld['http'] = {
      get: (url, options) => {
        seen.push({ url, headers: options?.headers ?? {} });
        return http.get(url, options);
      },
    };
    await fetchAll([MONTH, restChunk('2024-03-01', '2024-03-02')], { apiKey, http: watching });
    const sent = seen.map((s) => [s.url.includes('/klines?'), s.headers['x-mbx-apikey']]);
    expect(sent.sort()).toEqual([
      [false, undefined],
      [false, undefined],
      [true, 'the-key'],
    ]);
    for (const { key } of await store.list('')) {
      expect(Buffer.from((await store.get(key))!).includes('the-key')).toBe(false);
    }
  });

  test('a signed request carries a signature over exactly the query sent, and its receipt URL none', async () => {
    const seen: string[] = [];
    const server = createServer((request, response) => {
      seen.push(request.url ?? '');
      response.statusCode = seen.length === 1 ? 500 : 200;
      response.end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const clock = testClock(NOW);
      const urls = { ...world().urls, rest: { um: url, cm: url, spot: url, sim: url } };
      const request = { market: 'um', path: 'account', params: { note: 'a b+c' }, weight: 5, signed: true } as const;
      const ask = { http: createHttp(), clock, urls, governor: weightGovernor(clock), apiKey };
      const answer = await askRest(request, ask);
      expect(answer.url).toBe(`${url}/fapi/v1/account?note=a+b%2Bc`);
      expect(answer.requests).toBe(2);
      for (const path of seen) {
        const [query, signature] = path.slice(path.indexOf('?') + 1).split('&signature=');
        expect(signature).toBe(sign(query!, 'the-secret'));
      }
      expect(new Set(seen).size).toBe(2);
      await expect(askRest(request, { ...ask, apiKey: undefined })).rejects.toThrow(
        /account.* needs an API key, got none/,
      );
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});

describe('a chunk that fails', () => {
  async function failed(chunk: Chunk): Promise<unknown> {
    const bytes = await store.get(failureKey(chunk));
    return bytes && JSON.parse(new TextDecoder().decode(bytes));
  }

  test('is written down where its bytes would have landed, the others land', async () => {
    exchange.faults.add({ kind: 'wrong_checksum', match: '2024-03-02.zip' });
    const error = await failure(fetchAll(DAYS));
    expect(error.name).toBe('CorruptObject');
    expect(await failed(DAYS[1]!)).toEqual({
      ...DAYS[1],
      error: 'CorruptObject',
      message: expect.stringContaining('has sha256'),
      atMs: NOW,
    });
    expect(await failed(DAYS[0]!)).toBeUndefined();
    expect(await receipts()).toHaveLength(2);

    exchange.faults.clear();
    expect(await fetchAll(DAYS)).toMatchObject({ landed: 1, skipped: 2 });
    expect(await receipts()).toHaveLength(3);
  });

  test('of REST is written down as well', async () => {
    const window = restChunk('2024-03-05T00:00Z', '2024-03-05T10:00Z');
    exchange.faults.add({ kind: 'status', status: 451, match: 'klines?' });
    expect((await failure(fetchAll([window]))).name).toBe('ExchangeRefused');
    expect(await failed(window)).toMatchObject({ source: 'rest', error: 'ExchangeRefused' });
  });

  test('by a fault of the store or of ours says nothing about the exchange, and is not written down', async () => {
    const broken: ObjectStore = {
      ...store,
      put: (key, bytes) => (key.endsWith('.zip') ? Promise.reject(new Error('disk is full')) : store.put(key, bytes)),
    };
    expect(await failure(fetchAll([MONTH], { store: broken }))).toMatchObject({
      message: expect.stringContaining('disk is full'),
    });
    expect(await failed(MONTH)).toBeUndefined();
  });

  test('and cannot be written down fails all the same, with its own error', async () => {
    exchange.faults.add({ kind: 'missing_file', match: '2024-02.zip' });
    const full: ObjectStore = { ...store, put: () => Promise.reject(new Error('disk is full')) };
    expect((await failure(fetchAll([MONTH], { store: full }))).name).toBe('NotPublished');
  });
});

describe('a revised file', () => {
  const LATER = Date.parse('2024-03-05T09:00Z');
  const revised: Chunk = { ...MONTH, revision: { lastModifiedMs: LATER, sizeBytes: 1 } };

  test('is fetched although an older version has landed, once', async () => {
    await fetchAll([MONTH]);
    exchange.history.rewrite('2024-02.zip', LATER, (rows) => rows.slice(1));
    const url = `${exchange.url}/${archivePath(SERIES, 'archive_monthly', MONTH.range)}`;
    const etag = (await fetch(url, { method: 'HEAD' })).headers.get('etag')!;
    const chunk = { ...revised, revision: { ...revised.revision!, etag } };
    expect(await fetchAll([chunk])).toMatchObject({ landed: 1, skipped: 0 });
    expect(await receipts()).toHaveLength(2);
    expect(await fetchAll([chunk])).toMatchObject({ landed: 0, skipped: 1, requests: 0 });
  });

  test('that is still served in the older version is not taken for the later one', async () => {
    await fetchAll([MONTH]);
    const error = await failure(fetchAll([revised]));
    expect(error.name).toBe('NotPublished');
    expect(error.message).toMatch(/has \d+ bytes of .* 2024 .*, expected the 1 of 2024-03-05T09:00:00Z$/);
    expect(await receipts()).toHaveLength(1);
  });
});
