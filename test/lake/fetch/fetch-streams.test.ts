import type { StreamChunk } from '../../../lib/domain/chunk.ts';
import type { Stream } from '../../../lib/domain/stream.ts';
import { askRest } from '../../../lib/exchange/binance/rest.ts';
import type { Route } from '../../../lib/exchange/binance/routes.ts';
import { SOURCES } from '../../../lib/exchange/binance/sources.ts';
import { type Exchange, startExchange } from '../../../lib/exchange/simulated/exchange.ts';
import type { FetchResult } from '../../../lib/lake/fetch/contract.ts';
import { fetchBatch } from '../../../lib/lake/fetch/fetch-batch.ts';
import { landingPrefix } from '../../../lib/lake/keys.ts';
import type { Receipt } from '../../../lib/lake/landing/receipt.ts';
import type { SightingReceipt } from '../../../lib/lake/landing/sightings.ts';
import { sha256Of } from '../../support/bytes.ts';
import { testClock } from '../../support/clock.ts';
import { answering, exchangeAccess } from '../../support/exchange-access.ts';
import { type StreamLake, streamLake } from '../../support/stream-lake.ts';
import { DAY_MS, HOUR_MS } from '../../support/time.ts';

const NOW = Date.parse('2024-03-05T10:00Z');
const FUNDING: Stream = { name: 'funding', market: 'um', symbol: 'BTCUSDT' };
const OPEN_INTEREST: Stream = { name: 'open_interest', market: 'um', symbol: 'BTCUSDT' };
const MARK: Stream = { name: 'mark_candles', market: 'um', symbol: 'BTCUSDT', interval: '15m' };
const INSTRUMENTS: Stream = { name: 'instruments', market: 'um' };

let nowMs = NOW;
let exchange: Exchange;
let lake: StreamLake;
beforeEach(async () => {
  nowMs = NOW;
  exchange = await startExchange({ nowMs: () => nowMs });
  lake = streamLake();
});
afterEach(() => exchange.close());

function chunk(stream: Stream, source: StreamChunk['source'], fromMs: number, toMs: number): StreamChunk {
  return { stream, source, range: { fromMs, toMs }, asOfMs: NOW, sizeBytes: 0 };
}

function fetch(...streamChunks: StreamChunk[]): Promise<FetchResult> {
  const world = { ...exchangeAccess(testClock(nowMs), exchange.url), store: lake };
  return fetchBatch({ runId: 'r', batch: 'b', streamChunks }, world);
}

const asked = () => exchange.requests.map(({ path }) => path);
const json = <T>(key: string) => JSON.parse(Buffer.from(lake.objects.get(key)!).toString()) as T;
const receipts = (stream: Stream) =>
  [...lake.objects.keys()]
    .filter((key) => key.startsWith(landingPrefix(stream)) && key.endsWith('.receipt.json'))
    .map((key) => json<Receipt<Stream>>(key))
    .sort((a, b) => (a.range?.fromMs ?? 0) - (b.range?.fromMs ?? 0));

test('windows are asked in pages that their rows can fill, and land as they came', async () => {
  const toMs = NOW - HOUR_MS;
  const result = await fetch(
    chunk(FUNDING, 'rest', toMs - 40 * DAY_MS, toMs),
    chunk(OPEN_INTEREST, 'rest', toMs - 3 * DAY_MS, toMs),
    chunk(MARK, 'rest', toMs - 6 * DAY_MS, toMs),
  );
  expect(result).toMatchObject({ landed: 3, skipped: 0, requests: 6, restWeight: 4 });
  expect(receipts(FUNDING).map(({ range }) => (range.toMs - range.fromMs) / DAY_MS)).toEqual([30, 10]);
  expect(receipts(OPEN_INTEREST).map(({ range }) => (range.toMs - range.fromMs) / 300_000)).toEqual([500, 364]);
  expect(receipts(MARK).map(({ range }) => (range.toMs - range.fromMs) / 900_000)).toEqual([499, 77]);
  const rows = receipts(OPEN_INTEREST).map(({ stream, sha256 }) => {
    const key = [...lake.objects.keys()].find((one) => one.includes(`${sha256}.json`))!;
    expect(key).toContain(landingPrefix(stream));
    expect(sha256Of(lake.objects.get(key)!)).toBe(sha256);
    return json<unknown[]>(key).length;
  });
  expect(rows).toEqual([500, 364]);
  expect(asked()[0]).toMatch(/^\/fapi\/v1\/fundingRate\?symbol=BTCUSDT&startTime=\d+&endTime=\d+&limit=1000$/);
  expect(asked()[2]).toMatch(/^\/futures\/data\/openInterestHist\?symbol=BTCUSDT&period=5m&startTime=/);
});

test('what has landed is not asked for again', async () => {
  const chunks = [
    chunk(FUNDING, 'archive_monthly', Date.parse('2024-01-01'), Date.parse('2024-02-01')),
    chunk(OPEN_INTEREST, 'archive_daily', Date.parse('2024-03-01'), Date.parse('2024-03-02')),
    chunk(MARK, 'archive_daily', Date.parse('2024-03-01'), Date.parse('2024-03-02')),
    chunk(FUNDING, 'rest', NOW - DAY_MS, NOW - HOUR_MS),
    { ...chunk(INSTRUMENTS, 'rest', NOW - HOUR_MS, NOW) },
  ];
  expect(await fetch(...chunks)).toMatchObject({ landed: 5, skipped: 0 });
  const requests = exchange.requests.length;
  expect(await fetch(...chunks)).toMatchObject({ landed: 0, skipped: 5, requests: 0 });
  expect(exchange.requests).toHaveLength(requests);
  // A longer window costs only what is new of it.
  await fetch(chunk(FUNDING, 'rest', NOW - 2 * DAY_MS, NOW - HOUR_MS));
  expect(asked().at(-1)).toContain(`startTime=${NOW - 2 * DAY_MS}&endTime=${NOW - DAY_MS - 1}`);
});

test('a snapshot without news adds a receipt, from which its bytes can be made', async () => {
  const seen: string[] = [];
  for (const hours of [0, 24, 48]) {
    nowMs = NOW + hours * HOUR_MS;
    const before = new Set(lake.objects.keys());
    await fetch({ ...chunk(INSTRUMENTS, 'rest', nowMs - HOUR_MS, nowMs), asOfMs: nowMs });
    const added = [...lake.objects.keys()].filter((key) => !before.has(key));
    seen.push(...added);
    expect(added).toHaveLength(hours === 0 ? 4 : 2);
  }
  const body = await (await globalThis.fetch(`${exchange.url}/fapi/v1/exchangeInfo`)).text();
  const last = json<SightingReceipt>(seen.filter((key) => key.includes('part=exchange_info')).at(-1)!);
  expect(last).toMatchObject({ seenAtMs: nowMs, part: 'exchange_info' });
  const landed = Buffer.from(lake.objects.get(last.bytesKey)!).toString();
  expect(landed).not.toBe(body);
  expect(landed.replace(`"serverTime":${NOW}`, `"serverTime":${last.seenAtMs}`)).toBe(body);
  expect(last.sha256).toBe(sha256Of(Buffer.from(body)));
});

test('a snapshot that says something new lands', async () => {
  await fetch(chunk(INSTRUMENTS, 'rest', NOW - HOUR_MS, NOW));
  // 龙虾USDT is listed in 2026.
  nowMs = Date.parse('2026-03-12');
  await fetch({ ...chunk(INSTRUMENTS, 'rest', nowMs - HOUR_MS, nowMs), asOfMs: nowMs });
  const bodies = [...lake.objects.keys()].filter((key) => /\/[0-9a-f]{64}\.json$/.test(key));
  expect(bodies.filter((key) => key.includes('part=exchange_info'))).toHaveLength(2);
});

test('spot is asked for exchangeInfo alone, COIN-M by pair', async () => {
  await fetch(
    chunk({ name: 'instruments', market: 'spot' }, 'rest', NOW - HOUR_MS, NOW),
    chunk({ name: 'open_interest', market: 'cm', symbol: 'BTCUSD_PERP' }, 'rest', NOW - DAY_MS, NOW - HOUR_MS),
    chunk(
      { name: 'mark_candles', market: 'cm', symbol: 'BTCUSD_PERP', interval: '1d' },
      'rest',
      NOW - 300 * DAY_MS,
      NOW,
    ),
  );
  expect(asked()).toEqual([
    '/api/v3/exchangeInfo',
    expect.stringContaining('/futures/data/openInterestHist?pair=BTCUSD&contractType=PERPETUAL&period=5m'),
    expect.stringContaining('/dapi/v1/markPriceKlines?symbol=BTCUSD_PERP&interval=1d'),
    expect.stringContaining('/dapi/v1/markPriceKlines?symbol=BTCUSD_PERP&interval=1d'),
  ]);
});

test('open interest of more than 30 days ago is refused, and the others of the batch still land', async () => {
  const old = chunk(OPEN_INTEREST, 'rest', NOW - 31 * DAY_MS, NOW - 30 * DAY_MS);
  await expect(fetch(old, chunk(FUNDING, 'rest', NOW - DAY_MS, NOW - HOUR_MS))).rejects.toMatchObject({
    name: 'ExchangeRefused',
    message: expect.stringMatching(/^open_interest um\/BTCUSDT rest .*HTTP 400: parameter 'startTime' is invalid/),
  });
  expect(receipts(FUNDING)).toHaveLength(1);
});

test('an answer of the wrong form is refused before it lands', async () => {
  const answers: [Stream, string, RegExp][] = [
    [FUNDING, '[{"fundingTime":1700000000000,"fundingRate":"0.1"}]', /row 0 of .* must lie within/],
    [FUNDING, '[{"fundingTime":"soon","fundingRate":"0.1"}]', /row 0 of .* field fundingTime has an unknown form/],
    [OPEN_INTEREST, '{"code":0}', /must answer an array/],
    [INSTRUMENTS, '{"symbols":[]}', /must tell its serverTime/],
    [
      INSTRUMENTS,
      `{"serverTime":${NOW},"symbols":[{"name":"BTCUSDT"}]}`,
      /exchangeInfo field symbols\.0\.symbol has an unknown form/,
    ],
  ];
  for (const [stream, body, message] of answers) {
    const http = {
      get: async (url: string) => {
        const text = url.endsWith('/fundingInfo') ? '[]' : body;
        return { status: 200, headers: {}, body: Buffer.from(text) };
      },
    };
    const world = { ...exchangeAccess(testClock(NOW), 'http://x', http), store: lake };
    const wanted = chunk(stream, 'rest', NOW - DAY_MS, NOW - HOUR_MS);
    await expect(fetchBatch({ runId: 'r', batch: 'b', streamChunks: [wanted] }, world)).rejects.toMatchObject({
      name: 'UnexpectedFormat',
      message: expect.stringMatching(message),
    });
  }
  expect(lake.objects.size).toBe(0);
});

test('funding waits once half of its 500 requests in five minutes are spent, and no weight is used', async () => {
  const slept: number[] = [];
  let timeMs = NOW;
  const clock = {
    nowMs: () => timeMs,
    sleep: async (ms: number) => {
      slept.push(ms);
      timeMs += ms;
    },
  };
  const access = exchangeAccess(clock, 'http://x', answering('[]'));
  const ask = (route: Route) => askRest({ market: 'um', route }, access, () => undefined);
  for (let request = 0; request < 251; request++) await ask(SOURCES.funding.rest!);
  expect(slept.filter((ms) => ms > 0)).toEqual([300_500]);
  await ask(SOURCES.mark_candles.rest!);
  expect(slept.filter((ms) => ms > 0)).toHaveLength(1);
});
