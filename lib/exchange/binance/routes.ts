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

/**
 * The routes that answer with one value. The routes of rows are in sources.ts. exchangeInfo weighs 20 in the spot
 * market: see `exchangeInfoWeight` in markets.ts.
 */
export const ROUTES = {
  time: { path: 'time', weight: 1 },
  exchange_info: { path: 'exchangeInfo', weight: 1 },
  funding_info: { path: 'fundingInfo', weight: 0, budget: 'funding' },
} as const satisfies Record<string, Route>;
