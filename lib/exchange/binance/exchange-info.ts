import * as z from 'zod';
import type { Market } from '../../domain/market.ts';
import type { ExchangeAccess } from '../access.ts';
import type { ListedLife, ListedSymbol, ServerTime } from '../venue.ts';
import { binanceMarket } from './markets.ts';
import { askRest } from './rest.ts';
import { parseForm, parseRest } from './rest-json.ts';
import { ROUTES } from './routes.ts';
import { INSTANT } from './stream-answers.ts';

const TIME = z.object({ serverTime: INSTANT });

// Only the fields that are read are named, because the exchange adds fields. COIN-M has contractStatus for status.
const INFO = z.object({
  symbols: z.array(
    z.object({
      symbol: z.string(),
      status: z.string().optional(),
      contractStatus: z.string().optional(),
      contractType: z.string().optional(),
      quoteAsset: z.string().optional(),
      onboardDate: INSTANT.optional(),
      deliveryDate: INSTANT.optional(),
    }),
  ),
});
type SymbolInfo = z.infer<typeof INFO>['symbols'][number];

/** Asks the exchange for its time. */
export async function askServerTime(market: Market, access: ExchangeAccess): Promise<ServerTime> {
  const read = (body: Uint8Array, url: string) => parseForm(parseRest(body, url), TIME, url).serverTime;
  const { value: serverTimeMs, answer } = await askRest({ market, route: ROUTES.time }, access, read);
  const httpDateMs = Date.parse(answer.headers['date'] ?? '');
  return { serverTimeMs, httpDateMs: INSTANT.safeParse(httpDateMs).success ? httpDateMs : undefined };
}

/** Asks for all symbols that the exchange lists today, in its order. */
export async function askSymbols(market: Market, access: ExchangeAccess): Promise<ListedSymbol[]> {
  const read = (body: Uint8Array, url: string) => parseForm(parseRest(body, url), INFO, url);
  const { value } = await askRest({ market, route: ROUTES.exchange_info }, access, read);
  return value.symbols.map((info) => ({
    symbol: info.symbol,
    life: lifeOf(info),
    inWholeMarket: statusOf(info) === 'TRADING' && binanceMarket(market).isInWholeMarket(info),
  }));
}

/** Perpetuals without an end have the delivery date 4133404800000, which is in the year 2100. */
const NO_DELIVERY_MS = Date.UTC(2100, 0, 1);

function lifeOf(info: SymbolInfo): ListedLife {
  const { onboardDate, deliveryDate } = info;
  const status = statusOf(info);
  const settles = deliveryDate !== undefined && deliveryDate > (onboardDate ?? 0) && deliveryDate < NO_DELIVERY_MS;
  return {
    ...(status === undefined ? {} : { status }),
    ...(onboardDate === undefined ? {} : { listedMs: onboardDate }),
    ...(settles ? { settledMs: deliveryDate } : {}),
  };
}

function statusOf({ status, contractStatus }: SymbolInfo): string | undefined {
  return status ?? contractStatus;
}
