import { z } from 'zod';
import { UnexpectedFormat } from '../../domain/errors.ts';
import type { ListingFact } from '../../domain/listing.ts';
import type { Market } from '../../domain/market.ts';
import type { HttpAnswer } from '../../ports.ts';
import { REST_PATHS } from '../exchange-urls.ts';
import { type Asking, ask } from './ask.ts';

/** What exchangeInfo tells of a symbol's life; spot names no instants. */
export type ToldLife = Pick<ListingFact, 'status' | 'listedMs' | 'settledMs'>;

/** What the exchange gives as the end of what has none is the year 2100; later instants are of another unit. */
const LATEST_MS = Date.UTC(2200, 0, 1);

/** One symbol as the exchange lists it today. */
export interface ListedSymbol {
  readonly symbol: string;
  readonly life: ToldLife;
  /** Part of the whole market (`all`): see `isInWholeMarket`. */
  readonly inWholeMarket: boolean;
}

/** An instant that a date can hold, epoch milliseconds. */
const INSTANT = z.number().int().min(0).max(LATEST_MS);

const TIME = z.object({ serverTime: INSTANT });

// Only what is read is named; the exchange adds fields at will. COIN-M says contractStatus where the others say status.
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

/** The exchange's own time and the HTTP date of its answer, epoch milliseconds. */
export interface ServerTime {
  readonly serverTimeMs: number;
  readonly httpDateMs: number | undefined;
}

export async function askServerTime(baseUrl: string, market: Market, asking: Asking): Promise<ServerTime> {
  const url = `${baseUrl}${REST_PATHS[market]}/time`;
  return ask(url, asking, (answer) => {
    const dateMs = Date.parse(answer.headers['date'] ?? '');
    return {
      serverTimeMs: parseJson(url, answer, TIME).serverTime,
      httpDateMs: INSTANT.safeParse(dateMs).success ? dateMs : undefined,
    };
  });
}

/** All symbols that the exchange lists today, in its order. */
export async function askSymbols(baseUrl: string, market: Market, asking: Asking): Promise<ListedSymbol[]> {
  const url = `${baseUrl}${REST_PATHS[market]}/exchangeInfo`;
  const { symbols } = await ask(url, asking, (answer) => parseJson(url, answer, INFO));
  return symbols.map((s) => ({ symbol: s.symbol, life: lifeOf(s), inWholeMarket: isInWholeMarket(market, s) }));
}

/** Perpetuals that go on have a delivery date all the same, 4133404800000, which is in the year 2100. */
const NO_DELIVERY_MS = Date.UTC(2100, 0, 1);

function lifeOf(info: z.infer<typeof INFO>['symbols'][number]): ToldLife {
  const { onboardDate, deliveryDate } = info;
  const status = info.status ?? info.contractStatus;
  const settles = deliveryDate !== undefined && deliveryDate > (onboardDate ?? 0) && deliveryDate < NO_DELIVERY_MS;
  return {
    ...(status === undefined ? {} : { status }),
    ...(onboardDate === undefined ? {} : { listedMs: onboardDate }),
    ...(settles ? { settledMs: deliveryDate } : {}),
  };
}

/**
 * `all` is every perpetual contract now trading; dated contracts and contracts on shares (TRADIFI_PERPETUAL) are not
 * part of it. Spot has no contracts: there it is every pair now trading against USDT.
 */
function isInWholeMarket(market: Market, info: z.infer<typeof INFO>['symbols'][number]): boolean {
  if ((info.status ?? info.contractStatus) !== 'TRADING') return false;
  return market === 'spot' ? info.quoteAsset === 'USDT' : info.contractType === 'PERPETUAL';
}

function parseJson<T>(url: string, { body }: HttpAnswer, shape: z.ZodType<T>): T {
  const text = new TextDecoder().decode(body);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new UnexpectedFormat(`${url} must answer JSON, got '${text.slice(0, 80)}'`, { cause });
  }
  const parsed = shape.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new UnexpectedFormat(`${url} has an unknown form at ${issue.path.join('.') || 'the top'}: ${issue.message}`);
}
