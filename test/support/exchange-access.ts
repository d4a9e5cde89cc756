import { createHttp } from '../../lib/adapters/http.ts';
import type { ExchangeAccess } from '../../lib/exchange/access.ts';
import { requestGovernor } from '../../lib/exchange/request-governor.ts';
import { exchangeUrls } from '../../lib/exchange/simulated/exchange-urls.ts';
import type { Clock, Http } from '../../lib/ports.ts';

/** The access of a process to an exchange at one address. */
export function exchangeAccess(clock: Clock, url: string, http: Http = createHttp()): ExchangeAccess {
  return { http, clock, urls: exchangeUrls(url), governor: requestGovernor(clock) };
}

/** HTTP that answers every request with one body. */
export function answering(body: Uint8Array | string): Http {
  return { get: async () => ({ status: 200, headers: {}, body: Buffer.from(body) }) };
}
