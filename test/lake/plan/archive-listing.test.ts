import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { archiveListing } from '../../../lib/exchange/binance/archive-listing.ts';
import { startExchange } from '../../../lib/exchange/simulated/exchange.ts';
import type { ArchiveListing } from '../../../lib/exchange/venue.ts';
import { testClock } from '../../support/clock.ts';
import { exchangeAccess } from '../../support/exchange-access.ts';

const SERIES = { market: 'um', symbol: 'BTCUSDT', interval: '15m' } as const;
const NOW = Date.parse('2024-03-05T10:07:00Z');

function listingAt(url: string): ArchiveListing {
  return archiveListing(exchangeAccess(testClock(NOW), url));
}

async function withServer<T>(answer: (query: URLSearchParams) => string, use: (url: string) => Promise<T>): Promise<T> {
  const server: Server = createServer((request, response) => {
    response.end(answer(new URL(request.url ?? '/', 'http://x').searchParams));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

function page(keys: readonly string[], rest = '<IsTruncated>false</IsTruncated>'): string {
  const contents = keys.map((key) => `<Contents><Key>${key}</Key><ETag>&quot;0f&quot;</ETag><Size>7</Size></Contents>`);
  const body = `${rest}${contents.join('')}`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="${NAMESPACE}">${body}</ListBucketResult>`;
}

describe('archiveListing', () => {
  test('reads all pages of a long listing: each day once, in order', async () => {
    const exchange = await startExchange({ nowMs: NOW });
    try {
      const days = await listingAt(exchange.url).files(SERIES, 'archive_daily');
      const first = Date.parse('2019-12-31');
      expect(days.map((d) => d.range.fromMs)).toEqual(days.map((_, i) => first + i * 86_400_000));
      expect(days.at(-1)!.range.toMs).toBe(Date.parse('2024-03-05'));
      expect(exchange.requests.length).toBeGreaterThan(2);
    } finally {
      await exchange.close();
    }
  });

  test('a prefix finds the files of that interval and month only', async () => {
    const exchange = await startExchange({ nowMs: NOW });
    try {
      const listing = listingAt(exchange.url);
      expect(await listing.files(SERIES, 'archive_daily', { month: '2024-02' })).toHaveLength(29);
      const minute = await listing.files({ ...SERIES, interval: '1m' }, 'archive_monthly');
      const month = await listing.files({ ...SERIES, interval: '1M' }, 'archive_monthly');
      expect(minute.length).toBeGreaterThan(40);
      expect(month.length).toBeGreaterThan(40);
      expect(await listing.symbols('um')).toEqual(expect.arrayContaining(['BTCUSDT', 'ETHUSDT']));
    } finally {
      await exchange.close();
    }
  });

  test('goes on after the last key where S3 names no next marker', async () => {
    const prefix = 'data/futures/um/monthly/klines/BTCUSDT/15m/BTCUSDT-15m-';
    const keys = [`${prefix}2024-01.zip`, `${prefix}2024-01.zip.CHECKSUM`, `${prefix}2024-02.zip`];
    const files = await withServer(
      (query) => {
        expect(query.get('prefix')).toBe(prefix);
        const from = query.has('marker') ? keys.indexOf(query.get('marker')!) + 1 : 0;
        return page(keys.slice(from, from + 1), `<IsTruncated>${from + 1 < keys.length}</IsTruncated>`);
      },
      (url) => listingAt(url).files(SERIES, 'archive_monthly'),
    );
    expect(files).toEqual([
      {
        source: 'archive_monthly',
        range: { fromMs: Date.parse('2024-01-01'), toMs: Date.parse('2024-02-01') },
        sizeBytes: 7,
      },
      {
        source: 'archive_monthly',
        range: { fromMs: Date.parse('2024-02-01'), toMs: Date.parse('2024-03-01') },
        sizeBytes: 7,
      },
    ]);
  });

  test.each([
    ['a page that is no listing', '<html><body>hello</body></html>', /must be an S3 ListBucketResult, got '<html>/],
    ['text that is no XML', 'hello', /must be an S3 ListBucketResult, got 'hello'/],
    ['a name without a date', page(['data/futures/um/monthly/klines/BTCUSDT/15m/BTCUSDT-15m-x.zip']), /has the name/],
    ['a listing without an end', page(['a'], '<IsTruncated>true</IsTruncated>'), /must come to an end/],
  ])('refuses %s', async (_, body, message) => {
    await withServer(
      () => body,
      async (url) => {
        await expect(listingAt(url).files(SERIES, 'archive_monthly')).rejects.toMatchObject({
          name: 'UnexpectedFormat',
          message: expect.stringMatching(message),
        });
      },
    );
  });
});
