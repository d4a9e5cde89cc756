import { type ExchangeUrls, urlsWith } from '../markets.ts';

/** Returns the base URLs of a server that is REST, archive and listing of every market. */
export function exchangeUrls(url: string): ExchangeUrls {
  return urlsWith({ rest: url, archive: url, archiveListing: url });
}
