import type { ExchangeUrls } from '../exchange-urls.ts';

/** Everything at one address, as a stand-in for the exchange has it. */
export function exchangeUrls(url: string): ExchangeUrls {
  return { rest: { um: url, cm: url, spot: url, sim: url }, archive: url, archiveListing: url };
}
