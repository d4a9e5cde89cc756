import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Environment, readEnvironment } from '../../lib/adapters/environment.ts';
import { type ChosenExchange, chooseExchange, type WantedExchange } from '../../lib/app/choose-exchange.ts';
import { BadInput, ExchangeBusy } from '../../lib/domain/errors.ts';
import { exchangeUrls } from '../../lib/exchange/simulated/exchange-urls.ts';
import { deadUrl } from '../support/dead-url.ts';

const NOW = '2024-03-05T10:07:00Z';
const NOTICE = 'Binance is out of reach: using the built-in simulated exchange, market=sim.';

const open: ChosenExchange[] = [];
afterEach(async () => {
  for (const exchange of open.splice(0)) await exchange.close();
});

async function choose(urls: { rest: string; archive: string }, wanted: WantedExchange, more = {}) {
  const environment = readEnvironment({
    CANDLELAKE_REST_URL: urls.rest,
    CANDLELAKE_ARCHIVE_URL: urls.archive,
    ...more,
  });
  return opened(environment, wanted);
}

async function opened(environment: Environment, wanted: WantedExchange) {
  const chosen = await chooseExchange(environment, wanted);
  open.push(chosen);
  return chosen;
}

/** An environment without a base URL, on a machine that reaches nobody. */
async function offline(more = {}): Promise<Environment> {
  const environment = readEnvironment(more);
  const nobody = await deadUrl();
  return { ...environment, urls: exchangeUrls(nobody) };
}

const allowsSimulated = async () => true;

const dead = async () => ({ rest: await deadUrl(), archive: await deadUrl() });

test('offline, auto uses the simulated exchange and says so once', async () => {
  const environment = await offline({ CANDLELAKE_NOW: NOW });
  const chosen = await opened(environment, { source: 'auto', allowsSimulated });
  expect(chosen).toMatchObject({ market: 'sim', notice: NOTICE, clockFixed: true });
  expect(chosen.clock.nowMs()).toBe(Date.parse(NOW));
  expect(chosen.urls.sim.rest).not.toBe(environment.urls.sim.rest);
  const answer = await chosen.http.get(`${chosen.urls.sim.rest}/fapi/v1/time`);
  expect(answer.status).toBe(200);
  expect(JSON.parse(Buffer.from(answer.body).toString())).toEqual({ serverTime: Date.parse(NOW) });
});

describe('offline, auto does not use simulated candles', () => {
  const REFUSAL = /^exchange is out of reach: 127\.0\.0\.1:\d+ \(ECONNREFUSED\)$/;
  const refused = (chosen: Promise<ChosenExchange>) =>
    expect(chosen).rejects.toMatchObject({ name: 'ExchangeBusy', message: expect.stringMatching(REFUSAL) });

  test('where the lake holds candles of a real market, or nobody says that it does not', async () => {
    await refused(opened(await offline(), { source: 'auto', allowsSimulated: async () => false }));
    await refused(opened(await offline(), { source: 'auto' }));
  });

  test('where a market was asked for', async () => {
    await refused(opened(await offline(), { source: 'auto', market: 'um', allowsSimulated }));
  });

  test.each(['CANDLELAKE_REST_URL', 'CANDLELAKE_ARCHIVE_URL', 'CANDLELAKE_ARCHIVE_LISTING_URL'])(
    'where a base URL was asked for by %s',
    async (name) => {
      const url = await deadUrl();
      await refused(opened(await offline({ [name]: url }), { source: 'auto', allowsSimulated }));
    },
  );
});

test('only the archive has to be in reach if REST is never asked', async () => {
  const asked: string[] = [];
  const server = createServer((request, answer) => {
    asked.push(request.url ?? '');
    answer.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const wanted = { source: 'binance', archiveOnly: true };
  expect(await choose({ rest: url, archive: url }, wanted)).toMatchObject({ market: 'um' });
  expect(asked).toEqual(['/?prefix=data/&max-keys=1']);
  await expect(choose({ rest: url, archive: await deadUrl() }, wanted)).rejects.toThrow(
    /^exchange is out of reach: 127\.0\.0\.1:\d+ \(ECONNREFUSED\)$/,
  );
  server.close();
});

test('the clock of the simulated exchange is just after midnight, so that a second run finds nothing new', async () => {
  const chosen = await choose(await dead(), { source: 'simulated' });
  expect(chosen.clockFixed).toBe(true);
  expect(chosen.clock.nowMs() % 86_400_000).toBe(60_000);
});

test.each([
  ['binance', undefined],
  ['binance', 'um'],
  ['auto', 'um'],
  ['auto', 'spot'],
])('with nobody in reach, source %s and market %s are refused', async (source, market) => {
  const urls = await dead();
  const wanted = { source, market, command: 'run' as const };
  const refusal = await choose(urls, wanted).catch((error: Error) => error);
  expect(refusal).toBeInstanceOf(ExchangeBusy);
  expect((refusal as Error).message).toBe(
    `exchange is out of reach: ${new URL(urls.rest).host} (ECONNREFUSED); ` +
      'for simulated candles: npx lake run --source simulated',
  );
});

describe('if REST or the archive answers anything, the exchange is in reach', () => {
  let url: string;
  let status = 200;
  const server = createServer((_, answer) => {
    answer.statusCode = status;
    answer.end('{}');
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  test.each([200, 403, 451, 503])('%d', async (code) => {
    status = code;
    const nobody = await deadUrl();
    for (const urls of [
      { rest: url, archive: nobody },
      { rest: nobody, archive: url },
    ]) {
      const chosen = await choose(urls, { source: 'auto' });
      expect(chosen).toMatchObject({ market: 'um', notice: undefined, clockFixed: false });
      expect(chosen.urls.um.rest).toBe(urls.rest);
      expect(chosen.urls.um.archive).toBe(urls.archive);
    }
  });
});

test('simulated sends no request and has no notice', async () => {
  for (const market of [undefined, 'sim']) {
    expect(await choose(await dead(), { source: 'simulated', market })).toMatchObject({
      market: 'sim',
      notice: undefined,
    });
  }
  expect(await choose(await dead(), { source: 'auto', market: 'sim' })).toMatchObject({
    market: 'sim',
    notice: undefined,
  });
});

test.each([
  ['coinbase', undefined, "source must be one of auto, binance, simulated, got 'coinbase'"],
  ['auto', 'futures', "market must be one of um, cm, spot, sim, got 'futures'"],
  ['simulated', 'um', "market of simulated candles is sim, got 'um' with --source simulated"],
  ['binance', 'sim', 'market sim is served by --source simulated, got --source binance'],
])('source %s and market %s are bad usage', async (source, market, message) => {
  const refusal = await choose(await dead(), { source, market }).catch((error: Error) => error);
  expect(refusal).toBeInstanceOf(BadInput);
  expect((refusal as Error).message).toBe(message);
});
