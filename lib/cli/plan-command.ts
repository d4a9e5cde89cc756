import { readEnvironment } from '../adapters/environment.ts';
import { chooseExchange } from '../app/choose-exchange.ts';
import { openStore } from '../app/open-lake.ts';
import { wantedExchange } from '../app/wanted-exchange.ts';
import { DEFAULT_WATCH_LIST } from '../domain/watch-list.ts';
import { makePlan } from '../lake/plan/plan.ts';
import { parseRequest } from '../lake/plan/plan-request.ts';
import { checkBudget } from '../lake/plan/plan-totals.ts';
import { type LakeOptions, requestOf } from './lake-options.ts';
import { planText } from './plan-text.ts';
import type { Terminal } from './terminal.ts';

/** `lake plan`: says what a run would fetch, compute and cost. Writes nothing. */
export async function planCommand(options: LakeOptions, terminal: Terminal): Promise<number> {
  const environment = readEnvironment(terminal.variables);
  parseRequest(requestOf(options, options.market ?? 'um'), DEFAULT_WATCH_LIST);
  const lake = options.lake ?? environment.lake;
  const store = await openStore(lake);
  const exchange = await chooseExchange(environment, wantedExchange('plan', options, lake));
  try {
    const { market, notice } = exchange;
    if (notice) terminal.err.write(`${notice}\n`);
    const request = requestOf(options, market);
    const plan = await makePlan({ runId: 'plan', request }, { ...exchange, store, defaults: DEFAULT_WATCH_LIST });
    checkBudget(plan.totals, options.maxUsd);
    terminal.out.write(
      options.json
        ? `${JSON.stringify({ ...plan, ...(market === 'sim' && { simulated: true }) })}\n`
        : planText(plan, lake),
    );
    return 0;
  } finally {
    await exchange.close();
  }
}
