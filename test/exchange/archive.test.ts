import { XMLParser } from 'fast-xml-parser';
import { type Exchange, startExchange } from '../../lib/exchange/simulated/exchange.ts';
import { ask, askKlines, askZip } from './ask.ts';

const NOW = Date.parse('2024-03-05T10:07:00Z');
const MONTHLY = '/data/futures/um/monthly/klines';
const DAILY = '/data/futures/um/daily/klines';

interface Page {
  keys: string[];
  prefixes: string[];
  sizes: number[];
  truncated: boolean;
  nextMarker: string | undefined;
  nextToken: string | undefined;
}

const xml = new XMLParser({ parseTagValue: false, isArray: (name) => ['Contents', 'CommonPrefixes'].includes(name) });

async function list(exchange: Exchange, parameters: Record<string, string>): Promise<Page> {
  const { status, text } = await ask(exchange, `/?${new URLSearchParams(parameters)}`);
  expect(status).toBe(200);
  const result = xml.parse(text).ListBucketResult;
  const contents = (result.Contents ?? []) as { Key: string; Size: string }[];
  return {
    keys: contents.map((object) => object.Key),
    sizes: contents.map((object) => Number(object.Size)),
    prefixes: (result.CommonPrefixes ?? []).map((prefix: { Prefix: string }) => prefix.Prefix),
    truncated: result.IsTruncated === 'true',
    nextMarker: result.NextMarker,
    nextToken: result.NextContinuationToken,
  };
}

describe('archive of the simulated exchange', () => {
  let exchange: Exchange;
  beforeAll(async () => {
    exchange = await startExchange({ nowMs: NOW });
  });
  afterAll(() => exchange.close());

  test('a monthly zip has the candles of the month, the same as REST gives', async () => {
    const [header, ...rows] = await askZip(exchange, `${MONTHLY}/BTCUSDT/15m/BTCUSDT-15m-2024-02.zip`);
    expect(header).toBe(
      'open_time,open,high,low,close,volume,close_time,quote_volume,count,' +
        'taker_buy_volume,taker_buy_quote_volume,ignore',
    );
    const paged: string[] = [];
    for (let startTime = Date.parse('2024-02-01'); startTime < Date.parse('2024-03-01'); ) {
      const endTime = Date.parse('2024-03-01') - 1;
      const page = await askKlines(
        exchange,
        `symbol=BTCUSDT&interval=15m&limit=499&startTime=${startTime}&endTime=${endTime}`,
      );
      paged.push(...page);
      startTime = Number(page.at(-1)?.split(',')[0]) + 1;
    }
    expect(rows).toHaveLength(29 * 96);
    expect(paged).toEqual(rows);
  });

  test('a daily zip has the rows that the monthly one has of that day', async () => {
    const month = await askZip(exchange, `${MONTHLY}/ETHUSDT/1h/ETHUSDT-1h-2024-02.zip`);
    const day = await askZip(exchange, `${DAILY}/ETHUSDT/1h/ETHUSDT-1h-2024-02-11.zip`);
    expect(day.slice(1)).toEqual(month.slice(1 + 240, 1 + 264));
  });

  test.each([
    ['no header before June 2022', `${MONTHLY}/BTCUSDT/1d/BTCUSDT-1d-2022-05.zip`, 1_651_363_200_000],
    [
      'milliseconds in spot files before 2025',
      '/data/spot/monthly/klines/BTCUSDT/1d/BTCUSDT-1d-2024-01.zip',
      1_704_067_200_000,
    ],
    ['months are spelt 1mo', `${MONTHLY}/BTCUSDT/1mo/BTCUSDT-1mo-2022-03.zip`, 1_646_092_800_000],
  ])('%s', async (_, path, firstOpenTime) => {
    const rows = await askZip(exchange, path);
    expect(Number(rows[0].split(',')[0])).toBe(firstOpenTime);
  });

  test('spot files have microseconds from 2025 on, REST never', async () => {
    const later = await startExchange({ nowMs: Date.parse('2025-02-03') });
    const [row] = await askZip(later, '/data/spot/monthly/klines/BTCUSDT/1h/BTCUSDT-1h-2025-01.zip');
    const [rest] = await askKlines(later, 'symbol=BTCUSDT&interval=1h&startTime=1735689600000&limit=1', '/api/v3');
    expect(row.split(',')[0]).toBe('1735689600000000');
    expect(row.split(',')[6]).toBe('1735693199999999');
    expect(rest.split(',')[0]).toBe('1735689600000');
    await later.close();
  });

  test.each([
    ['the month that is not over', `${MONTHLY}/BTCUSDT/15m/BTCUSDT-15m-2024-03.zip`, 404],
    ['yesterday, after 08:40', `${DAILY}/BTCUSDT/15m/BTCUSDT-15m-2024-03-04.zip`, 200],
    ['today', `${DAILY}/BTCUSDT/15m/BTCUSDT-15m-2024-03-05.zip`, 404],
    ['before the archive begins', `${DAILY}/BTCUSDT/15m/BTCUSDT-15m-2019-12-30.zip`, 404],
    ['its first day', `${DAILY}/BTCUSDT/15m/BTCUSDT-15m-2019-12-31.zip`, 200],
    ['a month before the listing', `${MONTHLY}/SUIUSDT/15m/SUIUSDT-15m-2023-04.zip`, 404],
    ['the month of the listing', `${MONTHLY}/SUIUSDT/15m/SUIUSDT-15m-2023-05.zip`, 200],
    ['days of weekly candles', `${DAILY}/BTCUSDT/1w/BTCUSDT-1w-2024-02-11.zip`, 404],
    ['a delisted symbol', `${MONTHLY}/LUNAUSDT/1d/LUNAUSDT-1d-2022-05.zip`, 200],
    ['an impossible month', `${MONTHLY}/BTCUSDT/15m/BTCUSDT-15m-2023-13.zip`, 404],
  ])('%s', async (_, path, status) => {
    const answer = await ask(exchange, path);
    expect(answer.status).toBe(status);
    expect((await ask(exchange, `${path}.CHECKSUM`)).status).toBe(status);
    if (status === 404) expect(answer.text).toContain('<Code>NoSuchKey</Code>');
  });

  test('files appear at their hour', async () => {
    let nowMs = Date.parse('2024-04-01T11:59:59Z');
    const turning = await startExchange({ nowMs: () => nowMs });
    const path = `${MONTHLY}/BTCUSDT/1d/BTCUSDT-1d-2024-03.zip`;
    expect((await ask(turning, path)).status).toBe(404);
    nowMs += 1000;
    expect((await ask(turning, path)).status).toBe(200);
    await turning.close();
  });

  test('the same seed gives the same bytes, another seed others', async () => {
    const path = `${MONTHLY}/BTCUSDT/1h/BTCUSDT-1h-2023-07.zip`;
    const [twin, stranger] = [await startExchange({ nowMs: NOW }), await startExchange({ nowMs: NOW, seed: 2 })];
    const bytes = (await ask(exchange, path)).bytes;
    expect((await ask(twin, path)).bytes.equals(bytes)).toBe(true);
    expect((await ask(stranger, path)).bytes.equals(bytes)).toBe(false);
    await Promise.all([twin.close(), stranger.close()]);
  });

  test('listing: folders of symbols as common prefixes', async () => {
    const { prefixes, keys } = await list(exchange, { prefix: 'data/futures/um/monthly/klines/', delimiter: '/' });
    expect(keys).toEqual([]);
    expect(prefixes).toContain('data/futures/um/monthly/klines/BTCUSDT/');
    expect(prefixes).toContain('data/futures/um/monthly/klines/LUNAUSDT/');
    // Listed in 2026 only.
    expect(prefixes).not.toContain('data/futures/um/monthly/klines/龙虾USDT/');
    expect((await list(exchange, { prefix: 'data/', delimiter: '/' })).prefixes).toEqual([
      'data/futures/',
      'data/spot/',
    ]);
  });

  test('listing: a series, every key of which can be fetched', async () => {
    const prefix = 'data/futures/um/monthly/klines/SUIUSDT/4h/SUIUSDT-4h-';
    const { keys, sizes, truncated } = await list(exchange, { prefix });
    expect(truncated).toBe(false);
    expect(keys).toHaveLength(2 * 10);
    expect(keys[0]).toBe(`${prefix}2023-05.zip`);
    expect(keys[1]).toBe(`${prefix}2023-05.zip.CHECKSUM`);
    expect(keys.at(-2)).toBe(`${prefix}2024-02.zip`);
    for (const [i, key] of keys.entries()) {
      const { status, bytes } = await ask(exchange, `/${key}`);
      expect(status).toBe(200);
      // Sizes of seeded zips are estimates, those of checksums are exact.
      if (key.endsWith('.CHECKSUM')) expect(bytes.length).toBe(sizes[i]);
      else expect(Math.abs(bytes.length / sizes[i] - 1)).toBeLessThan(0.3);
    }
  });

  test.each(['1', '2'])('listing: pages of version %s join to the whole', async (version) => {
    const prefix = 'data/futures/um/daily/klines/BTCUSDT/15m/BTCUSDT-15m-2023-';
    const seen: string[] = [];
    let next: Record<string, string> = {};
    for (let pages = 0; pages < 20; pages++) {
      const page = await list(exchange, { prefix, 'max-keys': '100', 'list-type': version, ...next });
      seen.push(...page.keys);
      if (!page.truncated) break;
      expect(page.keys).toHaveLength(100);
      // As S3 has it: no NextMarker without a delimiter.
      expect(page.nextMarker).toBeUndefined();
      next = version === '1' ? { marker: page.keys.at(-1)! } : { 'continuation-token': page.nextToken! };
    }
    expect(seen).toHaveLength(2 * 365);
    expect(seen).toEqual([...new Set(seen)].sort());
    expect((await list(exchange, { prefix })).keys).toEqual(seen);
  });

  test('listing: pages of common prefixes by NextMarker', async () => {
    const prefix = 'data/futures/um/monthly/klines/';
    const whole = (await list(exchange, { prefix, delimiter: '/' })).prefixes;
    const seen: string[] = [];
    let marker = '';
    for (let pages = 0; pages < 20; pages++) {
      const page = await list(exchange, { prefix, delimiter: '/', 'max-keys': '4', marker });
      seen.push(...page.prefixes);
      if (!page.truncated) break;
      marker = page.nextMarker!;
    }
    expect(seen).toEqual(whole);
    expect(whole.length).toBeGreaterThan(8);
  });

  test('listing: start at a marker inside the series, and a symbol outside ASCII', async () => {
    const later = await startExchange({ nowMs: Date.parse('2026-06-03') });
    const prefix = 'data/futures/um/monthly/klines/龙虾USDT/1h/';
    const marker = `${prefix}龙虾USDT-1h-2026-04.zip.CHECKSUM`;
    expect((await list(later, { prefix, marker })).keys).toEqual([
      `${prefix}龙虾USDT-1h-2026-05.zip`,
      `${prefix}龙虾USDT-1h-2026-05.zip.CHECKSUM`,
    ]);
    expect((await list(later, { prefix, 'start-after': marker, 'list-type': '2' })).keys).toHaveLength(2);
    const path = `/${prefix}龙虾USDT-1h-2026-05.zip`;
    expect(await askZip(later, path)).toHaveLength(1 + 31 * 24);
    await later.close();
  });
});
