import { sumOf } from '../../domain/sum-of.ts';
import type { Budget } from '../access.ts';
import { allowance } from '../allowance.ts';
import type { RestCost } from '../venue.ts';

/** The budgets of one address: the weight of all requests, and the requests to routes that are counted separately. */
export const BUDGETS = {
  /** USDⓈ-M futures. Spot allows more. */
  weight: { name: 'weight', limit: 2_400, windowMs: 60_000 },
  /** Shared by fundingRate and fundingInfo. */
  funding: { name: 'funding', limit: 500, windowMs: 300_000 },
  /** Shared by everything below /futures/data. */
  futures_data: { name: 'futures_data', limit: 1_000, windowMs: 300_000 },
} as const satisfies Record<string, Budget>;

/** Returns the seconds for which the budgets hold back requests of these costs. */
export function waitSec(costs: readonly RestCost[]): number {
  const waits = Object.values(BUDGETS).map((budget) => {
    const used = sumOf(costs, (cost) => usedOf(budget.name, cost));
    return (Math.floor(used / allowance(budget)) * budget.windowMs) / 1000;
  });
  return Math.max(...waits);
}

function usedOf(name: string, { weight, budget, requests }: RestCost): number {
  if (name === 'weight') return weight;
  return name === budget ? requests : 0;
}

/** A route of REST, and the cost of one request to it. */
export interface Route {
  readonly path: string;
  /** Replaces the market's own root. */
  readonly root?: string;
  readonly weight: number;
  /** The budget that counts the route's requests in addition to their weight. */
  readonly budget?: Exclude<keyof typeof BUDGETS, 'weight'>;
}

/** A route whose rows are requested in pages. A page spans no more time than its rows can fill, so no answer is cut. */
export interface PagedRoute extends Route {
  /** The most rows of one answer. */
  readonly limit: number;
  /** The time that one page spans. Candles have none: their page is `limit` intervals. */
  readonly spanMs?: number;
}

/** Every route that we use. exchangeInfo weighs 20 in the spot market: see `exchangeInfoWeight` in markets.ts. */
export const ROUTES = {
  time: { path: 'time', weight: 1 },
  exchange_info: { path: 'exchangeInfo', weight: 1 },
  funding_info: { path: 'fundingInfo', weight: 0, budget: 'funding' },
  // 499 candles are the most of weight 2. 1,500 would cost 10. `REST_PAGE_CANDLES` has the same number.
  candles: { path: 'klines', weight: 2, limit: 499 },
  mark_candles: { path: 'markPriceKlines', weight: 2, limit: 499 },
  // The shortest funding interval is an hour, so 30 days have at most 720 rows.
  funding: { path: 'fundingRate', weight: 0, budget: 'funding', limit: 1_000, spanMs: 2_592_000_000 },
  // 500 rows, five minutes each.
  open_interest: {
    root: '/futures/data',
    path: 'openInterestHist',
    weight: 0,
    budget: 'futures_data',
    limit: 500,
    spanMs: 150_000_000,
  },
} as const satisfies Record<string, Route | PagedRoute>;
