import { type Answer, jsonAnswer } from './answer.ts';
import type { CandleSource, WireMarket } from './candle-source.ts';
import { exchangeInfoJson } from './exchange-info.ts';
import type { FaultRequest } from './fault.ts';
import type { Faults } from './faults.ts';
import { klinesJson, pickRows, readKlinesQuery } from './klines.ts';
import { bannedBody, noSuchPathBody, tooManyBody } from './observed-bodies.ts';
import { klinesWeight, RequestMeter } from './request-meter.ts';
import { spoilRows } from './row-faults.ts';
import { fundingInfo, fundingRate, openInterestHist } from './stream-routes.ts';
import { markRow } from './stream-rows.ts';

const MARKETS = ['um', 'cm', 'spot'] as const;
const REST_PATHS: Readonly<Record<WireMarket, string>> = { um: '/fapi/v1', cm: '/dapi/v1', spot: '/api/v3' };

interface RestApi {
  /** Returns the answer to a REST request, or undefined if the path belongs to no market. */
  get(url: URL, request: FaultRequest): Answer | undefined;
  /** Headers for an answer that a fault makes instead. */
  headersOf(url: URL): Record<string, string>;
}

/** klines, exchangeInfo, time and ping of the three markets, each market with its own budget of weight. */
export function restApi(source: CandleSource, faults: Faults, now: () => number, weightLimit: number): RestApi {
  const meters = {
    um: new RequestMeter(weightLimit),
    cm: new RequestMeter(weightLimit),
    spot: new RequestMeter(weightLimit),
  };
  const marketOf = (path: string) => MARKETS.find((market) => path.startsWith(`${REST_PATHS[market]}/`));

  function answer(market: WireMarket, url: URL, request: FaultRequest): Answer {
    switch (url.pathname.slice(REST_PATHS[market].length + 1)) {
      case 'ping':
        return jsonAnswer(200, '{}');
      case 'time':
        return jsonAnswer(200, JSON.stringify({ serverTime: now() + faults.takeSkewMs(request) }));
      case 'exchangeInfo':
        return jsonAnswer(200, exchangeInfo(market, request));
      case 'klines':
        return klines(market, url, request);
      case 'markPriceKlines':
        return market === 'spot' ? noSuchPath(url, request) : klines(market, url, request, markRow);
      case 'fundingRate':
        return market === 'spot' ? noSuchPath(url, request) : fundingRate(source, market, url.searchParams, now());
      case 'fundingInfo':
        return market === 'spot' ? noSuchPath(url, request) : fundingInfo(source, market, now());
      default:
        return noSuchPath(url, request);
    }
  }

  function noSuchPath(url: URL, request: FaultRequest): Answer {
    return jsonAnswer(404, noSuchPathBody(url.pathname, request.method));
  }

  function exchangeInfo(market: WireMarket, request: FaultRequest): string {
    const nowMs = now();
    const serverTimeMs = nowMs + faults.takeSkewMs(request);
    return exchangeInfoJson({ market, listings: source.listings(market), nowMs, serverTimeMs, weightLimit });
  }

  function klines(
    market: WireMarket,
    url: URL,
    request: FaultRequest,
    toRow: (row: string) => string = (row) => row,
  ): Answer {
    const nowMs = now();
    const query = readKlinesQuery(source, market, url.searchParams, nowMs);
    if (typeof query === 'string') return jsonAnswer(400, query);
    const rows = pickRows(source, query, nowMs);
    return jsonAnswer(200, klinesJson(spoilRows(rows.map(toRow), faults.takeRestRows(request), query.series.interval)));
  }

  /** Routes that are counted by requests in five minutes, without a header that says how many. */
  const counted = { funding: fiveMinutes(500), data: fiveMinutes(1000) };

  function getCounted(meter: RequestMeter, answerIt: () => Answer): Answer {
    const verdict = meter.spend(1);
    const headers: Record<string, string> =
      verdict.kind === 'allowed' ? {} : { 'retry-after': String(verdict.retryAfterSec) };
    if (verdict.kind === 'too_many') return jsonAnswer(429, tooManyBody(meter.limit), { headers });
    if (verdict.kind === 'banned') return jsonAnswer(418, bannedBody(verdict.untilMs), { headers });
    return answerIt();
  }

  return {
    get(url, request) {
      if (url.pathname === '/futures/data/openInterestHist') {
        return getCounted(counted.data, () => openInterestHist(source, url.searchParams, now()));
      }
      const market = marketOf(url.pathname);
      if (!market) return undefined;
      if (/\/funding(Rate|Info)$/.test(url.pathname)) {
        return getCounted(counted.funding, () => answer(market, url, request));
      }
      const weight = weightOf(url);
      const verdict = meters[market].spend(weight);
      const headers: Record<string, string> = { 'x-mbx-used-weight-1m': String(verdict.usedWeight) };
      if (verdict.kind !== 'allowed') headers['retry-after'] = String(verdict.retryAfterSec);
      if (verdict.kind === 'too_many') return jsonAnswer(429, tooManyBody(weightLimit), { headers, weight });
      if (verdict.kind === 'banned') return jsonAnswer(418, bannedBody(verdict.untilMs), { headers, weight });
      const good = answer(market, url, request);
      return { ...good, headers: { ...good.headers, ...headers }, weight };
    },
    headersOf(url) {
      const market = marketOf(url.pathname);
      return market ? { 'x-mbx-used-weight-1m': String(meters[market].usedWeight) } : {};
    },
  };
}

function fiveMinutes(limit: number): RequestMeter {
  return new RequestMeter(limit, Date.now, 20, 300_000);
}

function weightOf(url: URL): number {
  if (!/\/(klines|markPriceKlines)$/.test(url.pathname)) return 1;
  const limit = url.searchParams.get('limit');
  return klinesWeight(limit === null ? undefined : Number(limit));
}
