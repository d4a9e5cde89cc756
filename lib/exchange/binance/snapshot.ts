import { UnexpectedFormat } from '../../domain/errors.ts';
import type { Market } from '../../domain/market.ts';
import type { ExchangeAccess } from '../access.ts';
import type { RestCost, Snapshot } from '../venue.ts';
import { BINANCE_MARKETS } from './markets.ts';
import { askRest } from './rest.ts';
import { ROUTES } from './routes.ts';
import { serverTimeOf } from './snapshot-clock.ts';
import { assertExchangeInfo, assertFundingInfo } from './stream-answer.ts';

/** Requests exchangeInfo and fundingInfo. */
export async function getSnapshot(market: Market, access: ExchangeAccess): Promise<Snapshot> {
  const fundingInfo = BINANCE_MARKETS[market].hasFunding
    ? await askRest({ market, route: ROUTES.funding_info }, access, assertFundingInfo)
    : undefined;
  const exchangeInfo = await askRest({ market, route: ROUTES.exchange_info }, access, timeOf);
  return { seenAtMs: exchangeInfo.value, exchangeInfo, fundingInfo };
}

/** Returns what a snapshot costs. */
export function snapshotCost(market: Market): RestCost {
  const { hasFunding, exchangeInfoWeight } = BINANCE_MARKETS[market];
  return { requests: hasFunding ? 2 : 1, weight: exchangeInfoWeight };
}

/** Returns the server time of an exchangeInfo answer. @throws UnexpectedFormat if it is not such an answer */
function timeOf(body: Uint8Array, url: string): number {
  assertExchangeInfo(body, url);
  const timeMs = serverTimeOf(body);
  if (!Number.isFinite(timeMs)) throw new UnexpectedFormat(`${url} must tell its serverTime, got none`);
  return timeMs;
}
