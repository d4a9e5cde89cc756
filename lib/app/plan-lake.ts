import type { Environment } from '../adapters/environment.ts';
import { DEFAULT_WATCH_LIST } from '../domain/watch-list.ts';
import type { Plan } from '../lake/plan/contract.ts';
import { makePlan } from '../lake/plan/plan.ts';
import { checkBudget } from '../lake/plan/plan-totals.ts';
import { type LakeRequest, openRequest } from './lake-request.ts';

/**
 * Plans a run without starting it. Writes nothing.
 * @param onNotice receives a line for people, such as that simulated candles are used
 * @throws BadInput if the request is wrong or would cost more than `maxUsd`
 * @throws ExchangeBusy if the exchange is out of reach
 */
export async function planLake(
  options: LakeRequest,
  environment: Environment,
  onNotice: (text: string) => void,
): Promise<Plan> {
  const { store, exchange, request } = await openRequest('plan', options, environment);
  try {
    const { http, clock, clockFixed, urls, governor, notice } = exchange;
    if (notice) onNotice(notice);
    const context = { store, http, clock, urls, governor, clockFixed, defaults: DEFAULT_WATCH_LIST };
    const plan = await makePlan({ runId: 'plan', request }, context);
    checkBudget(plan.totals, options.maxUsd);
    return plan;
  } finally {
    await exchange.close();
  }
}
