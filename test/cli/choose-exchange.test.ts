import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readEnvironment } from '../../lib/adapters/environment.ts';
import { type ChosenExchange, chooseExchange } from '../../lib/cli/choose-exchange.ts';
import { BadInput, ExchangeBusy } from '../../lib/domain/errors.ts';
import { deadUrl } from './dead-url.ts';

const NOW = '2024-03-05T10:07:00Z';
const NOTICE = 'Binance is out of reach: using the built-in simulated exchange, market=sim.';

const open: ChosenExchange[] = [];
afterEach(async () => {
  for (const exchange of open.splice(0)) await exchange.close();
});

async function choose(urls: { rest: string; archive: string }, source: string, market?: string, more = {}) {
  const environment = readEnvironment({
    CANDLELAKE_REST_URL: urls.rest,
    CANDLELAKE_ARCHIVE_URL: urls.archive,
    ...more,
  });
  const chosen = await chooseExchange(environment, source, market);
  open.push(chosen);
  return chosen;
}

const dead = async () => ({ rest: await deadUrl(), archive: await deadUrl() });

test('with nobody in reach, auto goes on with the simulated exchange and says so once', async () => {
  const urls = await dead();
  const chosen = await choose(urls, 'auto', undefined, { CANDLELAKE_NOW: NOW });
  expect(chosen).toMatchObject({ market: 'sim', notice: NOTICE, clockFixed: true });
  expect(chosen.clock.nowMs()).toBe(Date.parse(NOW));
  expect([urls.rest, urls.archive]).not.toContain(chosen.urls.rest.sim);
  const answer = await chosen.http.get(`${chosen.urls.rest.sim}/fapi/v1/time`);
  expect(answer.status).toBe(200);
  expect(JSON.parse(Buffer.from(answer.body).toString())).toEqual({ serverTime: Date.parse(NOW) });
});

test('without a fixed clock the simulated exchange stands just after midnight, so that a second run finds nothing new', async () => {
  const chosen = await choose(await dead(), 'simulated');
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
  const refusal = await choose(urls, source, market).catch((error: Error) => error);
  expect(refusal).toBeInstanceOf(ExchangeBusy);
  expect((refusal as Error).message).toMatch(/^exchange is not in reach: .*\/time gave no whole answer: .*; .*$/);
});

describe('where one of the two answers, whatever it says, it is in reach', () => {
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
      const chosen = await choose(urls, 'auto');
      expect(chosen).toMatchObject({ market: 'um', notice: undefined, clockFixed: false });
      expect(chosen.urls.rest.um).toBe(urls.rest);
      expect(chosen.urls.archive).toBe(urls.archive);
    }
  });
});

test('simulated asks nobody and says nothing', async () => {
  for (const market of [undefined, 'sim']) {
    expect(await choose(await dead(), 'simulated', market)).toMatchObject({ market: 'sim', notice: undefined });
  }
  expect(await choose(await dead(), 'auto', 'sim')).toMatchObject({ market: 'sim', notice: undefined });
});

test.each([
  ['coinbase', undefined, "source must be one of auto, binance, simulated, got 'coinbase'"],
  ['auto', 'futures', "market must be one of um, cm, spot, sim, got 'futures'"],
  ['simulated', 'um', "market of simulated candles is sim, got 'um' with --source simulated"],
  ['binance', 'sim', 'market sim is served by --source simulated, got --source binance'],
])('source %s and market %s are bad usage', async (source, market, message) => {
  const refusal = await choose(await dead(), source, market).catch((error: Error) => error);
  expect(refusal).toBeInstanceOf(BadInput);
  expect((refusal as Error).message).toBe(message);
});
