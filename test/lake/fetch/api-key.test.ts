import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHttp } from '../../../lib/adapters/http.ts';
import { sign } from '../../../lib/exchange/binance/api-key.ts';
import { askRest } from '../../../lib/exchange/binance/rest.ts';
import type { FetchContext } from '../../../lib/lake/fetch/contract.ts';
import { testClock } from '../../support/clock.ts';
import { exchangeAccess } from '../../support/exchange-access.ts';
import { fetchedLake, MONTH, NOW, restChunk } from '../../support/fetched-lake.ts';

const lake = fetchedLake();
const { fetchAll } = lake;

describe('API key', () => {
  const apiKey = { key: 'the-key', secret: 'the-secret' };

  test('goes to REST in its header, never to the archive, and nowhere into the lake', async () => {
    const seen: { url: string; headers: Readonly<Record<string, string>> }[] = [];
    const http = createHttp();
    const watching: FetchContext['http'] = {
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
    for (const { key } of await lake.store.list('')) {
      expect(Buffer.from((await lake.store.get(key))!).includes('the-key')).toBe(false);
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
      const request = {
        market: 'um',
        route: { path: 'account', weight: 5 },
        params: { note: 'a b+c' },
        signed: true,
      } as const;
      const ask = { ...exchangeAccess(clock, url), apiKey };
      const answer = await askRest(request, ask, () => undefined);
      expect(answer.url).toBe(`${url}/fapi/v1/account?note=a+b%2Bc`);
      expect(answer.requests).toBe(2);
      for (const path of seen) {
        const [query, signature] = path.slice(path.indexOf('?') + 1).split('&signature=');
        expect(signature).toBe(sign(query!, 'the-secret'));
      }
      expect(new Set(seen).size).toBe(2);
      await expect(askRest(request, { ...ask, apiKey: undefined }, () => undefined)).rejects.toThrow(
        /account.* needs an API key, got none/,
      );
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
