import { ExchangeRefused } from '../../domain/errors.ts';
import type { Market } from '../../domain/market.ts';
import type { Http } from '../../ports.ts';
import type { ExchangeAccess } from '../access.ts';
import { get } from '../client.ts';
import { retryAfterOf } from '../http-failure.ts';
import type { ExchangeUrls } from '../markets.ts';
import type { RestFetched } from '../venue.ts';
import { sign, withoutKey } from './api-key.ts';
import { binanceMarket } from './markets.ts';
import { BUDGETS, ROUTES, type Route } from './routes.ts';

/** One question to the REST API. */
interface RestRequest {
  readonly market: Market;
  readonly route: Route;
  readonly params?: Readonly<Record<string, string | number>>;
  /** True to sign with the API key, for routes that require it. */
  readonly signed?: boolean;
}

interface RestAnswer<T> extends RestFetched {
  /** The result of `read`. */
  readonly value: T;
}

const RECV_WINDOW_MS = 5_000;

/**
 * Sends a question to REST when the governor admits it, with the retries of `get`.
 * @param read checks the form of the body
 */
export async function askRest<T>(
  request: RestRequest,
  access: ExchangeAccess,
  read: (body: Uint8Array, url: string) => T,
): Promise<RestAnswer<T>> {
  const { market, route, params = {} } = request;
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) query.append(name, String(value));
  const url = `${restUrl(market, route, access.urls)}${query.size === 0 ? '' : `?${query}`}`;
  const http = governed(request, access);
  const accepted = await get(url, { ...access, http }, ({ body }) => read(body, url));
  return { ...accepted, url, weight: accepted.requests * weightOf(request) };
}

/** Returns the URL of a route without parameters. */
export function restUrl(market: Market, { root, path }: Route, urls: ExchangeUrls): string {
  return `${urls[market].rest}${root ?? binanceMarket(market).restRoot}/${path}`;
}

/** Returns the weight of one request. */
function weightOf({ market, route }: Pick<RestRequest, 'market' | 'route'>): number {
  return route === ROUTES.exchange_info ? binanceMarket(market).exchangeInfoWeight : route.weight;
}

/** Returns HTTP that waits for the governor, signs each try, and never returns the API key. */
function governed(request: RestRequest, { http, clock, urls, governor, apiKey }: ExchangeAccess): Http {
  const host = urls[request.market].rest;
  const { budget } = request.route;
  const charges = [
    ...(budget ? [{ budget: BUDGETS[budget], amount: 1 }] : []),
    { budget: BUDGETS.weight, amount: weightOf(request) },
  ];
  const headers: Record<string, string> = apiKey ? { 'x-mbx-apikey': apiKey.key } : {};

  /** A signature is valid for some seconds, so each try has its own. */
  function signed(url: string): string {
    if (!request.signed) return url;
    if (!apiKey) throw new ExchangeRefused(`${url} needs an API key, got none`, { status: 401 });
    const stamped = `${url}&recvWindow=${RECV_WINDOW_MS}&timestamp=${clock.nowMs()}`;
    return `${stamped}&signature=${sign(stamped.slice(stamped.indexOf('?') + 1), apiKey.secret)}`;
  }

  return {
    async get(url, options) {
      await governor.admit(host, charges);
      const answer = withoutKey(url, await http.get(signed(url), { ...options, headers }), apiKey);
      governor.observe(host, charges, {
        status: answer.status,
        retryAfterSec: retryAfterOf(answer, clock.nowMs()),
        used: Number(answer.headers['x-mbx-used-weight-1m'] ?? Number.NaN),
      });
      return answer;
    },
  };
}
