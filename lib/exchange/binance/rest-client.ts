import { ExchangeBusy, ExchangeRefused } from '../../domain/errors.ts';
import type { Market } from '../../domain/market.ts';
import type { ApiKey, Clock, Http, HttpAnswer, OnRetry } from '../../ports.ts';
import { type ExchangeUrls, REST_PATHS } from '../exchange-urls.ts';
import { exchangeWords } from './exchange-words.ts';
import { patiently } from './patiently.ts';
import { sign } from './sign.ts';
import { Banned, type WeightGovernor } from './weight-governor.ts';
import { withoutKey } from './without-key.ts';

export interface RestWorld {
  readonly http: Http;
  readonly clock: Clock;
  readonly urls: ExchangeUrls;
  readonly governor: WeightGovernor;
  /** Sent where given; candles need none. */
  readonly apiKey?: ApiKey | undefined;
  readonly onRetry?: OnRetry | undefined;
}

export interface RestRequest {
  readonly market: Market;
  /** Below the market's base path: `klines`. */
  readonly path: string;
  /** Stands in for the market's base path: `/futures/data`. */
  readonly root?: string;
  readonly params: Readonly<Record<string, string | number>>;
  readonly weight: number;
  /** Signs with the API key, for endpoints that want it. */
  readonly signed?: boolean;
}

export interface RestAnswer<T = unknown> extends HttpAnswer {
  /** The answer as `read` understood it. */
  readonly value: T;
  /** What was asked, without key and signature. */
  readonly url: string;
  /** Requests it took. */
  readonly requests: number;
}

const TIMEOUT_MS = 20_000;
const MAX_BYTES = 16 * 1024 * 1024;
const RECV_WINDOW_MS = 5_000;

/**
 * Asks the REST API once the governor lets it, and again if it was busy, refused one request (403) or answered in the
 * wrong form.
 * @param read checks the form of the body
 * @throws ExchangeBusy if it stays busy, limits us for long (429) or has banned us (418)
 * @throws ExchangeRefused if it answers 451 or another 4xx, or 403 again and again
 * @throws UnexpectedFormat if `read` refuses each answer
 */
export async function askRest<T>(
  request: RestRequest,
  world: RestWorld,
  read: (body: Uint8Array, url: string) => T,
): Promise<RestAnswer<T>> {
  const { http, clock, urls, governor, apiKey } = world;
  const host = urls.rest[request.market];
  const url = `${host}${request.root ?? REST_PATHS[request.market]}/${request.path}${queryOf(request.params)}`;
  const headers: Record<string, string> = apiKey ? { 'x-mbx-apikey': apiKey.key } : {};
  let requests = 0;
  const answer = await patiently(world, async () => {
    await governor.admit(host, request.weight);
    requests += 1;
    // Signed anew at each try: the exchange takes a signature for a few seconds only.
    const sent = request.signed ? signedUrl(url, apiKey, clock) : url;
    const answered = await http.get(sent, { headers, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES });
    const got = withoutKey(url, answered, apiKey);
    governor.observe(host, got);
    if (got.status !== 200) throw failureOf(url, got, governor);
    return { ...got, value: read(got.body, url) };
  });
  return { ...answer, url, requests };
}

function queryOf(params: RestRequest['params']): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) query.append(name, String(value));
  return query.size === 0 ? '' : `?${query}`;
}

function signedUrl(url: string, apiKey: ApiKey | undefined, clock: Clock): string {
  if (!apiKey) throw new ExchangeRefused(`${url} needs an API key, got none`, { status: 401 });
  const stamped = `${url}&recvWindow=${RECV_WINDOW_MS}&timestamp=${clock.nowMs()}`;
  return `${stamped}&signature=${sign(stamped.slice(stamped.indexOf('?') + 1), apiKey.secret)}`;
}

function failureOf(url: string, answer: HttpAnswer, governor: WeightGovernor): Error {
  const words = exchangeWords(answer.body);
  const message = `${url} answered HTTP ${answer.status}${words ? `: ${words}` : ''}`;
  const retryAfterSec = governor.retryAfterSec(answer);
  const options = retryAfterSec === undefined ? {} : { retryAfterSec };
  if (answer.status === 418) return new Banned(message, options);
  if (answer.status === 429 || answer.status >= 500) return new ExchangeBusy(message, options);
  return new ExchangeRefused(message, { status: answer.status });
}
